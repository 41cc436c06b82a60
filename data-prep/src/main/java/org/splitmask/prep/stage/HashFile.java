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
import org.splitmask.prep.source.ContentHash;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.source.SourceReader;
import scala.Tuple2;

/**
 * The first reading of a file: its hash decides where the second takes place. Reading twice costs
 * less than carrying every file's bytes through a shuffle.
 *
 * @param hashed for progress alone: retries count twice
 */
record HashFile(
    ImageLimits limits, Broadcast<SerializableConfiguration> hadoop, LongAccumulator hashed)
    implements PairFunction<SourceItem, FileKey, HashedFile> {
  @Override
  public Tuple2<FileKey, HashedFile> call(SourceItem file) throws IOException {
    hashed.add(1);
    Refused refused = ImageDecoder.refusedByLength(file.size(), limits);
    if (refused != null) {
      return refused(file, refused);
    }
    try {
      FileKey key = new FileKey(ContentHash.of(read(file)), file.path());
      return new Tuple2<>(key, new HashedFile(file, null));
    } catch (IOException e) {
      return refused(file, ReadFailure.refused(e));
    }
  }

  private byte[] read(SourceItem file) throws IOException {
    try (SourceReader reader = new SourceReader(hadoop.value().value())) {
      return reader.read(file, limits.maxBytes());
    }
  }

  private static Tuple2<FileKey, HashedFile> refused(SourceItem file, Refused refused) {
    FileKey key = new FileKey(ContentHash.of(file.path()), file.path());
    return new Tuple2<>(key, new HashedFile(file, refused));
  }
}
