/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.Background;
import org.splitmask.prep.image.ContactSheet;
import org.splitmask.prep.image.DamagedImages;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.KnownRows;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;

/** Contact sheets of a table: of its pictures, or of the files that it rejected. */
final class TableSheet {
  private static final int PICTURES = 64;

  /** A rejected file is shown as far as it can be; a bomb is not worth a try. */
  private static final ImageLimits LIMITS = new ImageLimits(64 << 20, 50_000_000, 1);

  private static final Duration A_MOMENT = Duration.ofSeconds(5);

  private TableSheet() {}

  /** The first pictures of the train split, by the hash of their content, with their labels. */
  static void accepted(TableSnapshot snapshot, Path file, Configuration hadoop) throws IOException {
    PatchShape shape = snapshot.shape();
    ContactSheet sheet = new ContactSheet(shape.imageSize());
    for (PatchRow row : first(snapshot, hadoop)) {
      String label = row.label() == null ? "(no label)" : row.label();
      sheet.add(Patchifier.join(row.patches(), shape), label);
    }
    Files.write(file, sheet.png());
  }

  /** Rejected files, of every reason some, as well as they can be read today. */
  static void rejected(TableSnapshot snapshot, Path file, Configuration hadoop) throws IOException {
    int size = snapshot.shape().imageSize();
    ContactSheet sheet = new ContactSheet(size);
    ImageDecoder decoder =
        new ImageDecoder(LIMITS, Background.WHITE, DamagedImages.ACCEPT, A_MOMENT, size);
    try (SourceReader reader = new SourceReader(hadoop)) {
      for (RejectedRow row : someOfEveryReason(snapshot.rejectedFiles(), hadoop)) {
        String path = row.file().path();
        String caption = row.reason() + " " + path.substring(path.lastIndexOf('/') + 1);
        sheet.add(pixels(row.file(), reader, decoder), caption);
      }
    }
    Files.write(file, sheet.png());
  }

  private static List<PatchRow> first(TableSnapshot snapshot, Configuration hadoop) {
    List<PatchRow> rows = new ArrayList<>();
    for (RowGroup group : snapshot.rowGroups(Split.TRAIN)) {
      if (rows.size() < PICTURES) {
        rows.addAll(RowGroupReader.read(group, hadoop));
      }
    }
    return rows.subList(0, Math.min(PICTURES, rows.size()));
  }

  private static List<RejectedRow> someOfEveryReason(List<String> files, Configuration hadoop) {
    Map<String, List<RejectedRow>> byReason = new TreeMap<>();
    for (String file : files) {
      for (Iterator<KnownRow> rows = KnownRows.rejected(file, hadoop); rows.hasNext(); ) {
        RejectedRow row = ((KnownRow.Rejected) rows.next()).row();
        List<RejectedRow> ofReason =
            byReason.computeIfAbsent(row.reason(), reason -> new ArrayList<>());
        if (ofReason.size() < PICTURES) {
          ofReason.add(row);
        }
      }
    }
    List<RejectedRow> chosen = new ArrayList<>();
    for (int round = 0; round < PICTURES && chosen.size() < PICTURES; round++) {
      for (List<RejectedRow> ofReason : byReason.values()) {
        if (round < ofReason.size() && chosen.size() < PICTURES) {
          chosen.add(ofReason.get(round));
        }
      }
    }
    return chosen;
  }

  private static byte @Nullable [] pixels(
      FileStamp file, SourceReader reader, ImageDecoder decoder) {
    try {
      SourceItem item =
          new SourceItem(file.sourceRoot(), file.path(), file.size(), file.modified());
      return decoder.decode(reader.read(item, LIMITS.maxBytes())) instanceof Decoded decoded
          ? decoded.image().pixels()
          : null;
    } catch (IOException e) {
      return null; // gone, or never readable: its caption says what it was
    }
  }
}
