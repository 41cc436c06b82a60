/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.List;
import org.splitmask.prep.config.ImageConfig;
import org.splitmask.prep.image.DecodeResult;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.DecodedImage;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.RejectionReason;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.source.ContentHash;
import org.splitmask.prep.source.SourceReader;
import org.splitmask.prep.stage.Entry.Present;
import org.splitmask.prep.stage.Labelling.Labelled;
import org.splitmask.prep.table.AcceptedRow;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.TaskWriter;

/** Decodes contents that the table does not know and writes their rows. */
final class PictureSink {
  private final ImageConfig images;
  private final GroupResolver resolver;
  private final TaskWriter writer;
  private final SourceReader reader;
  private final ImageDecoder decoder;
  private final String runId;

  PictureSink(
      ImageConfig images,
      ImageDecoder decoder,
      GroupResolver resolver,
      TaskWriter writer,
      SourceReader reader,
      String runId) {
    this.images = images;
    this.resolver = resolver;
    this.writer = writer;
    this.reader = reader;
    this.decoder = decoder;
    this.runId = runId;
  }

  /**
   * Takes the files of one content: the first that can still be read is decoded, the others share
   * its fate, as duplicates if it is accepted.
   *
   * @param files in the order of their paths
   */
  void take(String hash, List<Present> files) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      DecodeResult result = decode(hash, files.get(i));
      if (result instanceof Decoded decoded) {
        accept(hash, files.subList(i, files.size()), decoded.image());
        return;
      }
      Refused refused = (Refused) result;
      if (!isOfTheReading(refused)) {
        for (Present file : files.subList(i, files.size())) {
          writer.reject(resolver.rejections().reject(file, hash, refused));
        }
        return;
      }
      writer.reject(resolver.rejections().reject(files.get(i), null, refused));
    }
  }

  private DecodeResult decode(String hash, Present file) throws IOException {
    byte[] bytes;
    try {
      bytes = file.content();
      if (bytes == null) {
        bytes = reader.read(file.item(), images.maxBytes());
      }
    } catch (IOException e) {
      return ReadFailure.refused(e);
    }
    if (!ContentHash.of(bytes).equals(hash)) {
      return new Refused(RejectionReason.CHANGED, "its bytes changed while prepare ran");
    }
    return decoder.decode(bytes);
  }

  /** Whether another file of the same bytes may fare better. */
  private static boolean isOfTheReading(Refused refused) {
    return refused.reason() == RejectionReason.UNREADABLE
        || refused.reason() == RejectionReason.CHANGED;
  }

  private void accept(String hash, List<Present> files, DecodedImage image) {
    Present keeper = files.get(0);
    Labelled labelled = resolver.labelled(keeper, hash, null);
    FileStamp file = keeper.file();
    PictureInfo info =
        new PictureInfo(
            hash,
            file.path(),
            file.sourceRoot(),
            labelled.label(),
            labelled.split(),
            file.size(),
            file.modified(),
            image.format().word(),
            image.originalWidth(),
            image.originalHeight(),
            image.colourProfile(),
            runId);
    writer.accept(
        new AcceptedRow(
            resolver.accept(keeper, info), Patchifier.cut(image.pixels(), images.shape())));
    for (Present other : files.subList(1, files.size())) {
      writer.reject(resolver.rejections().duplicate(other, hash, keeper, labelled, info));
    }
  }
}
