/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.train.LauncherIT.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;

/** Names outside ASCII, in whatever locale a command is started. */
class LauncherLocaleIT {
  private static final Map<String, String> ASCII = Map.of("LC_ALL", "C");
  private static final Map<String, String> NOT_INSTALLED = Map.of("LC_ALL", "xx_XX.UTF-8");

  @TempDir private static Path folder;
  private static Launcher launcher;
  private static Path pictures;

  @BeforeAll
  static void drawPictures() throws IOException {
    launcher = new Launcher(folder);
    pictures = folder.resolve("Bücher und 写真");
    TestPictures.write(pictures, 16, 24);
    Files.move(pictures.resolve("disc"), pictures.resolve("Kreis rund ○"));
    Files.move(pictures.resolve("bar"), pictures.resolve("балка"));
  }

  @Test
  void namesOutsideAsciiAreReadWhateverTheLocale() throws IOException {
    List<String> submitting =
        List.of("--master", "local[2]", "--spark-submit", launcher.sparkSubmit().toString());
    Launcher.together(
        () -> {
          assertReads(Map.of());
          assertReads(ASCII);
        },
        () -> {
          assertReads(NOT_INSTALLED);
          prepare(ASCII, submitting, folder.resolve("Läufe am Cluster").resolve("Tabelle größer"));
        });
  }

  private static void assertReads(Map<String, String> locale) {
    Path at = folder.resolve("Läufe " + locale);
    String table = at.resolve("Tabelle größer").toString();
    String run = at.resolve("прогон").toString();

    prepare(locale, List.of(), Path.of(table));
    CommandOutcome trained =
        run(locale, List.of(), words("train --table", table, "--output", run, TinyModel.TRAINING));
    CommandOutcome evaluated =
        run(
            locale,
            List.of(),
            words("evaluate --probe knn --features trained --run", run, "--table", table));

    assertThat(trained.json().at("/checkpoint").asText()).contains("/прогон/checkpoints/");
    assertThat(evaluated.json().at("/run").asText()).isEqualTo(run);
  }

  private static void prepare(Map<String, String> locale, List<String> submitting, Path table) {
    CommandOutcome prepared =
        run(
            locale,
            submitting,
            words("prepare --input", pictures, "--output", table, TinyModel.PREPARATION));

    assertThat(prepared.json().at("/accepted").asInt()).isEqualTo(16);
    assertThat(prepared.json().at("/table").asText()).endsWith("/Tabelle größer");
    TableSnapshot snapshot = PatchTable.open(table.toString(), new Configuration()).snapshot();
    assertThat(snapshot.labelCounts().get(Split.TEST)).containsOnlyKeys("Kreis rund ○", "балка");
  }

  private static CommandOutcome run(
      Map<String, String> locale, List<String> submitting, List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(1, submitting);
    return launcher.splitmask(locale, all).succeeded();
  }

  @Test
  void aPlainJvmThatLosesNamesIsRefusedBeforeItsWork() {
    String export = ExportApp.class.getName();
    String[] words = {"--run", "прогон", "--output", "/dev/null"};

    CommandOutcome refused = launcher.java(ASCII, export, words);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("error: this JVM reads file names", "LC_ALL=C.UTF-8");
    assertThat(launcher.java(ASCII, export, "--help").exitCode()).isZero();
    assertThat(launcher.java(Map.of("LC_ALL", "C.UTF-8"), export, words).err())
        .contains("прогон", "is not the folder");
  }
}
