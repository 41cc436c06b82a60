/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
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
}
