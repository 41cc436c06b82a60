/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.KnownRows;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.write.ExistingRows;
import org.splitmask.prep.table.write.TableRun;
import org.splitmask.prep.table.write.TableState;

/**
 * What a table says, without what tells one making of it from another: the files' names, the runs'.
 *
 * @param pictures by the name of their file: label, split, content, pixels
 * @param rejected by the name of their file: reason and what they duplicate
 */
record TableContents(Map<String, String> pictures, Map<String, String> rejected) {

  static TableContents of(String location) {
    Configuration hadoop = LocalSpark.session().sessionState().newHadoopConf();
    TableSnapshot snapshot = PatchTable.open(location, hadoop).snapshot();
    PatchShape shape = snapshot.shape();
    Map<String, Integer> pixels = new TreeMap<>();
    for (Split split : Split.values()) {
      for (RowGroup group : snapshot.rowGroups(split)) {
        for (PatchRow row : RowGroupReader.read(group, hadoop)) {
          byte[] picture = Patchifier.join(row.patches(), shape);
          pixels.put(row.imageId(), java.util.Arrays.hashCode(picture));
        }
      }
    }
    TableState state = TableRun.state(TableHome.of(location, hadoop), ExistingRows.KEPT, hadoop);
    Map<String, String> pictures = new TreeMap<>();
    for (String file : state.pictureFiles().keySet()) {
      KnownRows.pictures(file, hadoop)
          .forEachRemaining(row -> pictures.put(name(row), describe(row, pixels)));
    }
    Map<String, String> rejected = new TreeMap<>();
    for (String file : state.rejectedFiles()) {
      KnownRows.rejected(file, hadoop)
          .forEachRemaining(row -> rejected.put(name(row), describe(row)));
    }
    return new TableContents(pictures, rejected);
  }

  private static String describe(KnownRow row, Map<String, Integer> pixels) {
    var info = ((KnownRow.Picture) row).info();
    return String.join(
        " ",
        info.label(),
        info.split().word(),
        info.imageId(),
        String.valueOf(info.sourceModified()),
        String.valueOf(pixels.get(info.imageId())));
  }

  private static String describe(KnownRow row) {
    var rejected = ((KnownRow.Rejected) row).row();
    String keeper = rejected.duplicateOf();
    return rejected.reason() + (keeper == null ? "" : " " + name(keeper));
  }

  private static String name(KnownRow row) {
    return name(row.file().path());
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf("/in/") + 4);
  }
}
