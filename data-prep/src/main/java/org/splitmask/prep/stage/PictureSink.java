/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.config.ImageConfig;
import org.splitmask.prep.image.DecodeResult;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.DecodedImage;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.RejectionReason;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.source.ContentHash;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.source.SourceReader;
import org.splitmask.prep.stage.Labelling.Labelled;
import org.splitmask.prep.table.AcceptedRow;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.TaskWriter;

/**
 * Takes files in the order of their keys and makes rows of them. Files of equal bytes follow one
 * another: the first is decoded, the others share its fate, as duplicates if it was accepted.
 */
final class PictureSink {
  private final ImageConfig images;
  private final PatchShape shape;
  private final Labelling labelling;
  private final TaskWriter writer;
  private final SourceReader reader;
  private final ImageDecoder decoder;
  private final Tally tally = new Tally();
  private @Nullable FileKey first;
  private @Nullable Refused fateOfFirst;
  private @Nullable String labelOfFirst;

  PictureSink(ImageConfig images, Labelling labelling, TaskWriter writer, SourceReader reader) {
    this.images = images;
    this.shape = images.shape();
    this.labelling = labelling;
    this.writer = writer;
    this.reader = reader;
    this.decoder = new ImageDecoder(images.limits(), images.backgroundColour(), images.imageSize());
  }

  Tally tally() {
    return tally;
  }

  void take(FileKey key, HashedFile hashed) throws IOException {
    if (hashed.refused() != null) {
      reject(hashed.file(), hashed.refused(), null);
    } else if (first != null && first.hash().equals(key.hash())) {
      repeat(hashed.file(), first);
    } else {
      first = key;
      fateOfFirst = decode(key, hashed.file());
    }
  }

  private void repeat(SourceItem file, FileKey winner) {
    if (fateOfFirst != null) {
      reject(file, fateOfFirst, null);
      return;
    }
    String label = labelling.of(file, winner.hash()).label();
    String detail =
        Objects.equals(label, labelOfFirst)
            ? "the same bytes as another file"
            : "the same bytes as another file, whose label is "
                + labelOfFirst
                + " and not "
                + label;
    reject(file, new Refused(RejectionReason.DUPLICATE, detail), winner.path());
  }

  /** Accepts or rejects a file whose hash is new; returns why it was refused, if it was. */
  private @Nullable Refused decode(FileKey key, SourceItem file) throws IOException {
    DecodeResult result = read(key, file);
    if (result instanceof Decoded decoded) {
      accept(key, file, decoded.image());
      return null;
    }
    Refused refused = (Refused) result;
    reject(file, refused, null);
    return refused;
  }

  private DecodeResult read(FileKey key, SourceItem file) throws IOException {
    byte[] bytes;
    try {
      bytes = reader.read(file, images.maxBytes());
    } catch (IOException e) {
      return ReadFailure.refused(e);
    }
    if (!ContentHash.of(bytes).equals(key.hash())) {
      return new Refused(RejectionReason.CHANGED, "its bytes changed while prepare ran");
    }
    return decoder.decode(bytes);
  }

  private void accept(FileKey key, SourceItem file, DecodedImage image) {
    Labelled labelled = labelling.of(file, key.hash());
    labelOfFirst = labelled.label();
    writer.accept(
        new AcceptedRow(
            key.hash(),
            file.path(),
            labelled.label(),
            labelled.split(),
            file.size(),
            file.modified(),
            image.format().word(),
            image.originalWidth(),
            image.originalHeight(),
            Patchifier.cut(image.pixels(), shape)));
    tally.accept();
  }

  private void reject(SourceItem file, Refused refused, @Nullable String duplicateOf) {
    writer.reject(
        new RejectedRow(
            file.path(),
            file.size(),
            file.modified(),
            refused.reason().word(),
            refused.detail(),
            duplicateOf));
    tally.reject(file.path(), refused.reason(), refused.detail());
  }
}
