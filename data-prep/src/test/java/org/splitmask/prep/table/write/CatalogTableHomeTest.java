/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.home.TableName;

/** The contract without a lock and without names that are paths: a JDBC catalog in a file. */
class CatalogTableHomeTest extends TableHomeContract {
  private static final PatchShape OTHER_SHAPE = new PatchShape(32, 4, 3);

  @BeforeEach
  void makeTheCatalog() throws IOException {
    location = "pictures.shop.clothes";
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        name: pictures
        properties:
          type: jdbc
          uri: %s
          warehouse: %s
        """
            .formatted(database(), folder.resolve("warehouse")));
  }

  private String database() {
    return "jdbc:sqlite:" + folder.resolve("catalog.db");
  }

  private TableAddress address() {
    return new TableAddress(location, folder.resolve("catalog.yaml").toString());
  }

  /** Opened anew by each who asks, as each process does. */
  @Override
  TableHome home() {
    return address().home(HADOOP);
  }

  @Test
  void itsTablesAreNamedAfterItAndRecordsLieBesideTheirFiles() throws IOException {
    assertThat(home().folder()).isEqualTo("file:" + folder.resolve("warehouse/shop"));
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));

    String namespace = "file:" + folder.resolve("warehouse/shop");
    assertThat(home().location()).isEqualTo(location);
    assertThat(home().location(TableName.REJECTED)).isEqualTo("pictures.shop.clothes_rejected");
    assertThat(table(TableName.PATCHES).location()).isEqualTo(namespace + "/clothes_patches");
    assertThat(table(TableName.REJECTED).location()).isEqualTo(namespace + "/clothes_rejected");
    assertThat(home().folder()).isEqualTo(namespace);
    assertThat(home().records().location("run-1"))
        .isEqualTo(namespace + "/_splitmask/clothes_patches/runs/run-1.json");
    assertThat(home().codebooks()).isEqualTo(namespace + "/_splitmask/clothes_patches/codebooks");
    assertThat(PatchTable.open(address(), HADOOP).location()).isEqualTo(location);
  }

  @Test
  void itsConnectionsAreClosedWithItAndWithATableThatWasOpenedByName() throws IOException {
    Path file = folder.resolve("catalog.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("type: jdbc", "catalog-impl: " + CountingCatalog.class.getName()));
    try (TableHome home = home()) {
      assertThat(CountingCatalog.OPEN).hasValue(1);
      assertThatThrownBy(() -> PatchTable.open(address(), HADOOP))
          .hasMessageContaining("no table at");
      assertThat(CountingCatalog.OPEN).as("after a refusal").hasValue(1);
    }
    assertThat(CountingCatalog.OPEN).hasValue(0);

    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    int others = CountingCatalog.OPEN.get(); // what write and rows hold
    try (PatchTable table = PatchTable.open(address(), HADOOP)) {
      assertThat(table.snapshot().statistics().total()).isEqualTo(8);
      assertThat(CountingCatalog.OPEN).hasValue(others + 1);
    }
    assertThat(CountingCatalog.OPEN).hasValue(others);
  }

  @Test
  void namespacesMayHaveSeveralLevelsWhereTheCatalogHasThem() throws IOException {
    location = "pictures.shop.autumn.clothes";
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    assertThat(table(TableName.PATCHES).location()).endsWith("/shop/autumn/clothes_patches");
  }

  @Test
  void whoLostForCertainIsToldSoAndCanStartOver() throws IOException {
    try (TableRun second = begin("run-2", SHAPE)) {
      List<TaskFiles> late = writeTasks(second, rows(SHAPE, 8, "run-2"));
      write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));

      SplitMaskException lost = failureOf(() -> second.commitPatches(late, COUNTS));

      assertThat(lost.blame()).isEqualTo(Blame.CLUSTER);
      assertThat(TableRun.isOvertaken(lost)).isTrue();
    }
    write(SHAPE, "run-3", rows(SHAPE, 8, "run-3"));
    assertThat(PatchTable.open(home(), HADOOP).snapshot().statistics().total()).isEqualTo(16);
  }

  /** The database takes the commit, or not, and its answer does not come. */
  @Test
  void aCommitOfUnknownOutcomeDeletesNothing() throws Exception {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    try (TableRun run = begin("run-2", SHAPE)) {
      List<TaskFiles> written = writeTasks(run, rows(SHAPE, 8, "run-2"));
      sql(
          "CREATE TRIGGER cut BEFORE UPDATE ON iceberg_tables"
              + " BEGIN SELECT RAISE(ABORT, 'the connection was cut'); END");

      SplitMaskException unknown = failureOf(() -> run.commitPatches(written, COUNTS));

      assertThat(unknown)
          .hasMessageContainingAll("not known whether the commit to " + location, "was cut");
      assertThat(unknown.blame()).isEqualTo(Blame.CLUSTER);
      assertThat(TableRun.isOvertaken(unknown)).isFalse();
    }
    assertThat(dataFilesOf("run-2")).isNotEmpty();
    sql("DROP TRIGGER cut");
    write(SHAPE, "run-3", rows(SHAPE, 8, "run-3"));
    assertThat(PatchTable.open(home(), HADOOP).snapshot().statistics().total()).isEqualTo(16);
  }

  /**
   * Both begin with a table that has no rows; the second would give the first one's rows its own.
   */
  @Test
  void settingsOfATableThatHasGotRowsMeanwhileStand() throws IOException {
    try (TableRun failed = begin("run-0", SHAPE)) {
      failed.target();
    }
    Table withoutRows = table(TableName.PATCHES);
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));

    SplitMaskException lost =
        failureOf(() -> TableCommit.settle(identity(OTHER_SHAPE), withoutRows));

    assertThat(TableRun.isOvertaken(lost)).isTrue();
    assertThat(PatchTable.open(home(), HADOOP).shape()).isEqualTo(SHAPE);
  }

  @Test
  void settingsOfATableWithoutRowsAreThoseOfWhoeverWritesThem() throws IOException {
    try (TableRun failed = begin("run-0", SHAPE)) {
      failed.target();
    }

    write(OTHER_SHAPE, "run-1", rows(OTHER_SHAPE, 8, "run-1"));

    assertThat(PatchTable.open(home(), HADOOP).shape()).isEqualTo(OTHER_SHAPE);
  }

  private TableRun begin(String runId, PatchShape shape) {
    return TableRun.begin(home(), identity(shape), ExistingRows.KEPT, runId, HADOOP);
  }

  private Table table(TableName name) {
    return home().find(name).orElseThrow();
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database())) {
      connection.createStatement().execute(statement);
    }
  }

  private static SplitMaskException failureOf(Runnable work) {
    try {
      work.run();
    } catch (SplitMaskException e) {
      return e;
    }
    throw new AssertionError("it did not fail");
  }

  private List<String> dataFilesOf(String runId) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("warehouse"))) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".parquet") && file.contains(runId))
          .toList();
    }
  }
}
