/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.config.ImageConfig;
import org.splitmask.prep.image.DecodeResult;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.DecodedImage;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.SourceReader;
import org.splitmask.prep.stage.labels.Labelling.Labelled;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.write.AcceptedRow;
import org.splitmask.prep.table.write.TaskWriter;

/**
 * Decodes contents that the table does not know and writes their rows. A few are decoded together,
 * in the order in which they came.
 */
final class PictureSink {
  /** Enough that the cost of handing them over does not show. */
  private static final int MOST_WAITING = 16;

  /** Bytes beyond which no further file is waited for. */
  private static final int ENOUGH_BYTES = 4 << 20;

  private final ImageConfig images;
  private final GroupResolver resolver;
  private final TaskWriter writer;
  private final SourceReader reader;
  private final ImageDecoder decoder;
  private final Tally tally;
  private final PatchShape shape;

  /** Of one picture after the other: the writer keeps no row. */
  private final byte[] patches;

  private final List<Waiting> waiting = new ArrayList<>(MOST_WAITING);
  private long waitingBytes;

  PictureSink(
      ImageConfig images,
      ImageDecoder decoder,
      GroupResolver resolver,
      TaskWriter writer,
      SourceReader reader,
      Tally tally) {
    this.images = images;
    this.resolver = resolver;
    this.writer = writer;
    this.reader = reader;
    this.decoder = decoder;
    this.tally = tally;
    this.shape = images.shape();
    this.patches = new byte[shape.bytes()];
  }

  /**
   * A content that is read and not yet decoded.
   *
   * @param files that have it, in the order of their paths
   */
  // An array, because it is a whole file.
  @SuppressWarnings("ArrayRecordComponent")
  private record Waiting(String hash, List<Present> files, byte[] bytes) {}

  /**
   * Takes the files of one content: the first that can still be read is decoded, the others share
   * its fate, as duplicates if it is accepted.
   *
   * @param files in the order of their paths
   */
  void take(String hash, List<Present> files) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      byte[] bytes = read(hash, files.get(i));
      if (bytes != null) {
        waiting.add(new Waiting(hash, files.subList(i, files.size()), bytes));
        waitingBytes += bytes.length;
        if (waiting.size() == MOST_WAITING || waitingBytes >= ENOUGH_BYTES) {
          flush();
        }
        return;
      }
    }
  }

  /** Decodes what is waiting; to be called behind the last content. */
  void flush() {
    List<DecodeResult> results = decoder.decodeAll(waiting.stream().map(Waiting::bytes).toList());
    for (int i = 0; i < results.size(); i++) {
      Waiting content = waiting.get(i);
      if (results.get(i) instanceof Decoded decoded) {
        accept(content.hash(), content.files(), decoded.image());
      } else {
        reject(content, (Refused) results.get(i));
      }
    }
    waiting.clear();
    waitingBytes = 0;
  }

  /** Reads a file again; one that cannot be read any more is rejected alone. */
  private byte @Nullable [] read(String hash, Present file) throws IOException {
    Refused refused;
    try {
      byte[] bytes = file.content();
      if (bytes == null) {
        bytes = reader.read(file.item(), images.maxBytes());
      }
      if (ContentHash.of(bytes).equals(hash)) {
        return bytes;
      }
      refused = new Refused(RejectionReason.CHANGED, "its bytes changed while prepare ran");
    } catch (IOException e) {
      refused = ReadFailure.refused(e);
    }
    reject(resolver.rejections().reject(file, null, refused));
    return null;
  }

  private void reject(Waiting content, Refused refused) {
    for (Present file : content.files()) {
      reject(resolver.rejections().reject(file, content.hash(), refused));
    }
  }

  private void reject(Rejection rejection) {
    writer.reject(rejection.row());
    rejection.events().forEach(tally::add);
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
            resolver.runId());
    Patchifier.cut(image.pixels(), shape, patches);
    writer.accept(new AcceptedRow(info, patches));
    GroupResolver.accepted(keeper, info).forEach(tally::add);
    for (Present other : files.subList(1, files.size())) {
      Labelled own = resolver.labelled(other, hash, info);
      reject(resolver.rejections().duplicate(other, hash, keeper, labelled, own));
    }
  }
}
