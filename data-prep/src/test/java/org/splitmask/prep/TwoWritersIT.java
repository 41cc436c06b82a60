/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.maintenance.CleanResult;
import org.splitmask.prep.maintenance.TableCleaner;
import org.splitmask.prep.stage.PrepareRequest;
import org.splitmask.prep.stage.PrepareResult;
import org.splitmask.prep.stage.PrepareStage;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.write.TableMaintenance;

/** Runs of prepare on one table of a catalog, which keeps no writer away. */
class TwoWritersIT extends RerunFixture {
  private int others;

  @BeforeEach
  void makeTheCatalog() throws IOException {
    Files.writeString(
        folder.resolve("catalog.yaml"),
        """
        name: pictures
        properties:
          type: jdbc
          uri: jdbc:sqlite:%s
          warehouse: %s
        """
            .formatted(folder.resolve("catalog.db"), folder.resolve("warehouse")));
    table = "pictures.shop.clothes";
    prepare();
  }

  @Override
  protected TableAddress address() {
    return new TableAddress(table, folder.resolve("catalog.yaml").toString());
  }

  @Test
  void whoIsOvertakenStartsOverAndNothingIsLost() throws IOException {
    write("hats/new.jpg", jpeg(noise(40, 40, 1000)));
    PrepareRequest request = request(List.of("counted:" + input), null, INCREMENTAL);

    PrepareResult result = whileOthersCommit(request, 1);

    TableSnapshot after = PatchTable.open(address(), new Configuration()).snapshot();
    assertThat(others).isEqualTo(1);
    assertThat(after.statistics().total()).isEqualTo(30 + 1 + 3);
    assertThat(after.runId()).isEqualTo(request.runId() + "-2");
    assertThat(result.accepted()).isEqualTo(1);
    assertThat(result.unchanged()).isEqualTo(30);
    assertThat(dataFiles(request.runId()))
        .isNotEmpty()
        .allMatch(file -> file.contains(request.runId() + "-2"));
  }

  @Test
  void whoIsOvertakenAgainAndAgainGivesUpAndSaysThatItIsWorthARetry() throws IOException {
    write("hats/new.jpg", jpeg(noise(40, 40, 1000)));
    PrepareRequest request = request(List.of("counted:" + input), null, INCREMENTAL);

    assertThatThrownBy(() -> whileOthersCommit(request, 9))
        .hasMessageContainingAll("somebody else has committed", "run again")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));

    assertThat(others).isEqualTo(3);
    TableSnapshot after = PatchTable.open(address(), new Configuration()).snapshot();
    assertThat(after.statistics().total()).isEqualTo(30 + 3 * 3);
    assertThat(dataFiles(request.runId())).isEmpty();
  }

  @Test
  void aTableOfACatalogIsCleanedAndRolledBack() throws IOException {
    Configuration hadoop = new Configuration();
    long first = PatchTable.open(address(), hadoop).snapshot().snapshotId();
    prepareOther(1);
    try (TableMaintenance table =
        TableMaintenance.begin(address().home(hadoop), "cleaning", hadoop)) {
      CleanResult result =
          new TableCleaner(LocalSpark.session(), table, Instant.now()).clean(Duration.ofDays(1));
      assertThat(result.orphans()).isZero();
      assertThat(result.runs()).isZero();
      assertThat(table.rollBack(first).statistics().total()).isEqualTo(30);
    }
    assertThat(PatchTable.open(address(), hadoop).snapshot().rowGroups(Split.TRAIN)).isNotEmpty();
  }

  /** Prepares; whenever pictures are decoded and nothing is committed, another run goes before. */
  private PrepareResult whileOthersCommit(PrepareRequest request, int most) throws IOException {
    PrintStream watched =
        new PrintStream(OutputStream.nullOutputStream(), true, UTF_8) {
          @Override
          public void println(String line) {
            if (line.startsWith("preparing: ") && line.contains("(100 %)") && others < most) {
              others++;
              try {
                prepareOther(others);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        };
    Console console = new Console(Display.PLAIN_LINES, watched, System::nanoTime);
    return new PrepareStage(LocalSpark.session(), request, console).run();
  }

  private void prepareOther(int number) throws IOException {
    Path pictures = folder.resolve("other-" + number);
    for (int i = 0; i < 3; i++) {
      write(pictures.resolve("hats/" + i + ".jpg"), jpeg(noise(40, 40, 100 * number + i)), 0);
    }
    prepare(List.of("counted:" + pictures), null, INCREMENTAL);
  }

  private List<String> dataFiles(String runId) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("warehouse"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".parquet") && name.contains(runId))
          .forEach(found::add);
    }
    return found;
  }
}
