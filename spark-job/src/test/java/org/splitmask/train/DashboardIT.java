/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.PrepareApp;
import org.splitmask.prep.table.TableAddress;

/** Every metric of the dashboard for Grafana is one that a driver shows to Prometheus. */
class DashboardIT {
  private static final Pattern METRIC = Pattern.compile("metrics_[A-Za-z0-9_]+");

  @TempDir private Path folder;
  private final Set<String> shown = ConcurrentHashMap.newKeySet();

  @Test
  void theDashboardsMetricsAreThere() throws IOException, InterruptedException {
    String dashboard = Files.readString(Path.of("../deploy/grafana/splitmask.json"));
    Set<String> wanted = names(dashboard);
    assertThat(wanted).hasSizeGreaterThan(10);
    SparkSession session = session();
    AtomicBoolean isDone = new AtomicBoolean();
    String address = session.sparkContext().uiWebUrl().get() + "/metrics/prometheus/";
    Thread prometheus = new Thread(() -> lookAgainAndAgain(address, isDone), "prometheus");
    prometheus.start();
    try {
      work(session);
    } finally {
      isDone.set(true);
      prometheus.join();
      session.stop();
    }

    assertThat(shown).containsAll(wanted);
  }

  /** With the settings of conf/spark that say how metrics are named. */
  private static SparkSession session() throws IOException {
    SparkSession.Builder session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.port", "0");
    List<String> settings =
        Files.readAllLines(Path.of("../conf/spark/kubernetes.conf")).stream()
            .filter(line -> line.startsWith("spark.metrics.") || line.startsWith("spark.ui."))
            .toList();
    assertThat(settings).isNotEmpty();
    settings.forEach(line -> session.config(line.split("\\s+")[0], line.split("\\s+")[1]));
    return session.getOrCreate();
  }

  private void work(SparkSession session) throws IOException {
    Path pictures = folder.resolve("pictures");
    TestPictures.write(pictures, 120, 48);
    String table = folder.resolve("table").toString();
    PrepareApp.prepare(
        session,
        List.of(pictures.toString()),
        table,
        null,
        KeyValues.ofWords(TinyModel.PREPARATION));
    TrainApp.train(
        session,
        TrainingFixture.config("epochs=4", "workers=2"),
        TableAddress.folder(table),
        folder.resolve("run").toString(),
        new Console(Display.PLAIN_LINES, System.err, System::nanoTime));
  }

  private void lookAgainAndAgain(String address, AtomicBoolean isDone) {
    while (!isDone.get()) {
      try (InputStream page = URI.create(address).toURL().openStream()) {
        shown.addAll(names(new String(page.readAllBytes(), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Set<String> names(String text) {
    return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }
}
