/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.splitmask.common.failure.Check.present;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.splitmask.prep.table.home.CatalogTableHome;
import org.splitmask.prep.table.home.TableHome;

/** The contract without a lock and without names that are paths. */
class CatalogTableHomeTest extends TableHomeContract {
  private @Nullable TableHome home;

  @BeforeEach
  void makeTheCatalog() throws IOException {
    location = "memory.pictures";
    home = new CatalogTableHome(location, folder.resolve("warehouse"), HADOOP);
  }

  @Override
  TableHome home() {
    return present(home, "made before each test");
  }
}
