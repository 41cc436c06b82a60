/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Diagnosis;

/** Catalog files that are not what they should be, and catalogs that do not answer. */
class CatalogRefusalsTest {
  private static final String TABLE = "pictures.shop.clothes";
  private static final Map<String, String> ENVIRONMENT = Map.of("PASSWORD", "s3cr3t", "EMPTY", "");

  @TempDir private Path folder;

  private final Configuration hadoop = new Configuration();

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertRefused(
        () -> TableHome.of(TABLE, folder + "/no.yaml", hadoop),
        Blame.USER,
        "no catalog file at " + folder + "/no.yaml (--catalog)");
    assertRefused(
        () -> TableHome.of(TABLE, "file://" + folder + "/no.yaml", hadoop),
        Blame.USER,
        "no catalog file at file://" + folder + "/no.yaml (--catalog)");
  }

  @Test
  void aFileIsReadFromAnyFilesystem() throws IOException {
    file("type: jdbc", "uri: jdbc:sqlite:" + folder + "/c.db", "warehouse: " + folder);

    TableHome home = TableHome.of(TABLE, "file://" + folder + "/catalog.yaml", hadoop);

    assertThat(home.location()).isEqualTo(TABLE);
    assertThat(home.find(TableName.PATCHES)).isEmpty();
  }

  @Test
  void keysAreThoseOfACatalogFile() throws IOException {
    Path file = folder.resolve("catalog.yaml");
    Files.writeString(file, "name: pictures\ntype: jdbc\n");
    assertRefused(this::open, Blame.USER, "has the unknown key type", "properties.");
    Files.writeString(file, "name: a.b\nproperties: {type: jdbc}\n");
    assertRefused(this::open, Blame.USER, "was 'a.b'", "letters, digits, _ and -");
    file("uri: x");
    assertRefused(this::open, Blame.USER, "properties need type", "catalog-impl");
    file("type: paper");
    assertRefused(this::open, Blame.USER, "the catalog 'pictures'", "cannot be opened", "paper");
    file("catalog-impl: com.acme.Catalog");
    assertRefused(this::open, Blame.USER, "com.acme.Catalog");
  }

  @ParameterizedTest
  @CsvSource({
    "other.shop.clothes, a table's name is pictures.NAMESPACE.NAME; was 'other.shop.clothes'",
    "pictures.clothes, a table's name is pictures.NAMESPACE.NAME",
    "/data/clothes, given without --catalog",
    "pictures.Shop.clothes, has the part 'Shop'; names in a catalog are lower-case",
    "pictures..clothes, has the part ''",
  })
  void namesAreThoseOfTheCatalog(String table, String message) throws IOException {
    file("type: jdbc", "uri: jdbc:sqlite:" + folder + "/c.db", "warehouse: " + folder);
    assertRefused(() -> open(table), Blame.USER, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc.password: hidden",
        "token: hidden",
        "credential: me:hidden",
        "s3.secret-access-key: hidden",
        "uri: jdbc:postgresql://db/c?user=me&password=hidden",
        "uri: https://me:hidden@catalog",
      })
  void aSecretInTheFileIsRefusedAndNotRepeated(String line) throws IOException {
    file("type: jdbc", line);
    assertRefused(this::open, Blame.USER, "has a secret in the file", "${env:NAME}");
    assertThatThrownBy(this::open).message().doesNotContain("hidden");
  }

  @Test
  void whatIsReferredToHasToBeSet() throws IOException {
    file("type: jdbc", "jdbc.password: ${env:NOT_SET}");
    assertRefused(this::open, Blame.USER, "refers to ${env:NOT_SET}, which is not set");
    file("type: jdbc", "jdbc.password: ${env:EMPTY}");
    assertRefused(this::open, Blame.USER, "${env:EMPTY}, which is not set");
    file("type: jdbc", "jdbc.password: ${credential:none}");
    assertRefused(this::open, Blame.USER, "hadoop.security.credential.provider.path");
    file("type: jdbc", "jdbc.password: ${vault:x}");
    assertRefused(this::open, Blame.USER, "has ${vault:x}; write ${env:NAME}");
  }

  @Test
  void referencesBecomeValues() throws IOException {
    hadoop.set("catalog.password", "pa$$word");
    file(
        "type: jdbc",
        "jdbc.password: ${credential:catalog.password}",
        "uri: jdbc:x?password=${env:PASSWORD}&a=b",
        "warehouse: " + folder + "/w");

    Map<String, String> properties = read().properties();

    assertThat(properties)
        .containsEntry("jdbc.password", "pa$$word")
        .containsEntry("uri", "jdbc:x?password=s3cr3t&a=b")
        .containsEntry("warehouse", "file:" + folder + "/w")
        .containsEntry("io-impl", "org.apache.iceberg.hadoop.HadoopFileIO");
  }

  @Test
  void aDriverThatIsMissingIsTheUsersAndItsUrlHidesSecrets() throws IOException {
    file("type: jdbc", "uri: jdbc:none://db?password=${env:PASSWORD}", "warehouse: " + folder);
    assertRefused(
        this::open,
        Blame.USER,
        "the catalog 'pictures' (" + folder + "/catalog.yaml) cannot be opened",
        "No suitable driver",
        "add the jar of the database's JDBC driver",
        "spark.jars",
        "password=${env:PASSWORD}");
    StringWriter trace = new StringWriter();
    assertThatThrownBy(this::open)
        .satisfies(e -> e.printStackTrace(new PrintWriter(trace)))
        .hasMessageNotContaining("s3cr3t");
    assertThat(trace.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void aCatalogThatIsDownIsWorthARetry() throws IOException {
    file("type: rest", "uri: http://127.0.0.1:9/");
    assertRefused(
        this::open,
        Blame.CLUSTER,
        "the catalog 'pictures'",
        "cannot be opened",
        "check whether it is up");
    file("type: jdbc", "uri: jdbc:sqlite:/no/such/folder/c.db", "warehouse: " + folder);
    assertRefused(this::open, Blame.CLUSTER, "cannot be opened", "/no/such/folder");
  }

  @Test
  void aCatalogOfRenamesIsRefusedOnAnObjectStoreAndLockedElsewhere() throws IOException {
    file("type: hadoop", "warehouse: s3a://bucket/w");
    assertRefused(this::open, Blame.USER, "not safe at s3a://bucket/w", "take type jdbc");

    file("type: hadoop", "warehouse: " + folder + "/w");
    TableHome home = open();
    try (WriteGuard first = home.guard("run-1")) {
      first.check();
      assertRefused(() -> open().guard("run-2"), Blame.CLUSTER, "being written by run run-1");
    }
    open().guard("run-3").close();
  }

  private TableHome open() {
    return open(TABLE);
  }

  private TableHome open(String table) {
    return CatalogTableHome.of(table, read(), hadoop);
  }

  private CatalogFile read() {
    return CatalogFile.read(
        folder + "/catalog.yaml", hadoop, new CatalogSecrets(ENVIRONMENT::get, hadoop));
  }

  private void file(String... properties) throws IOException {
    Files.writeString(
        folder.resolve("catalog.yaml"),
        "name: pictures\nproperties:\n  " + String.join("\n  ", properties) + "\n");
  }

  private static void assertRefused(ThrowingCallable call, Blame blame, String... parts) {
    assertThatThrownBy(call)
        .satisfies(
            failure -> {
              Diagnosis diagnosis = Diagnosis.of(failure);
              assertThat(diagnosis.message()).contains(parts);
              assertThat(diagnosis.blame()).as(diagnosis.message()).isEqualTo(blame);
            });
  }
}
