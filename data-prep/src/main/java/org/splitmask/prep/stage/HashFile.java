/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.ImageLimits;
import org.splitmask.prep.image.RejectionReason;
import scala.Tuple2;

/**
 * The first reading of a file: its hash decides where the second takes place. Reading twice costs
 * less than carrying every file's bytes through a shuffle.
 *
 * @param hashed for progress alone: retries count twice
 */
record HashFile(
    ImageLimits limits, Broadcast<SerializableConfiguration> hadoop, LongAccumulator hashed)
    implements PairFunction<FoundFile, FileKey, HashedFile> {
  @Override
  public Tuple2<FileKey, HashedFile> call(FoundFile file) throws IOException {
    hashed.add(1);
    Refused refused = ImageDecoder.refusedByLength(file.size(), limits);
    if (refused != null) {
      return refused(file, refused);
    }
    try {
      byte[] bytes = SourceFiles.read(file, limits.maxBytes(), hadoop.value().value());
      FileKey key = new FileKey(SourceFiles.sha256(bytes), file.path());
      return new Tuple2<>(key, new HashedFile(file, null));
    } catch (IOException e) {
      if (SourceFiles.isOfTheFile(e)) {
        return refused(file, new Refused(RejectionReason.UNREADABLE, String.valueOf(e)));
      }
      throw e;
    }
  }

  private static Tuple2<FileKey, HashedFile> refused(FoundFile file, Refused refused) {
    FileKey key = new FileKey(SourceFiles.sha256(file.path()), file.path());
    return new Tuple2<>(key, new HashedFile(file, refused));
  }
}
