/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.home.TableName;

class FolderTableHomeTest extends TableHomeContract {
  @Override
  TableHome home() {
    return TableHome.of(location, HADOOP);
  }

  @Test
  void everythingLiesInTheFolderByTheDocumentedNames() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    String folder = "file:" + location;

    assertThat(home().location()).isEqualTo(folder);
    assertThat(home().folder()).isEqualTo(folder);
    assertThat(home().location(TableName.REJECTED)).isEqualTo(folder + "/rejected");
    assertThat(home().find(TableName.PATCHES).orElseThrow().location())
        .isEqualTo(folder + "/patches");
    assertThat(home().records().location("run-1")).isEqualTo(folder + "/runs/run-1.json");
    assertThat(home().codebooks()).isEqualTo(folder + "/codebooks");
  }

  @Test
  void aCopyIsRefusedSinceItsFilesWouldBeReadFromTheOriginal() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    Path copy = folder.resolve("copy");
    FileUtils.copyDirectory(Path.of(location).toFile(), copy.toFile());
    String[] message = {
      "file:" + copy + " was copied or moved there",
      "says that it is at file:" + location + ",",
      "into a new folder"
    };

    blamed(() -> PatchTable.open(copy.toString(), HADOOP), Blame.DATA, message);
    TableHome ofCopy = TableHome.of(copy.toString(), HADOOP);
    blamed(
        () -> TableRun.begin(ofCopy, identity(SHAPE), ExistingRows.KEPT, "run-2", HADOOP),
        Blame.DATA,
        message);
    write(SHAPE, "run-3", rows(SHAPE, 8, "run-3")); // the original stands
  }

  @Test
  void aFolderThatWasMovedIsRefusedUntilItIsBackOrLinkedTo() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    Path moved = folder.resolve("moved");
    Files.move(Path.of(location), moved);
    blamed(
        () -> PatchTable.open(moved.toString(), HADOOP),
        Blame.DATA,
        "was copied or moved there",
        "be linked to from its old place");

    Files.createSymbolicLink(Path.of(location), moved);

    assertThat(PatchTable.open(moved.toString(), HADOOP).snapshot().statistics().total())
        .isEqualTo(8);
    assertThat(read(PatchTable.open(location, HADOOP).snapshot(), Split.TRAIN)).hasSize(4);
  }
}
