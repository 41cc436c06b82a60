/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.cli.CatalogOption;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.HadoopSettings;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.TableStatistics;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.write.TableMaintenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect TABLE}: what is in a table. Starts no Spark. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Shows what is in a table: counts, configuration, statistics, snapshots.",
    sortOptions = false)
public final class InspectTableApp implements Callable<Map<String, Object>> {
  private static final String NO_LABEL = "(no label)";

  private static final List<String> COUNTS =
      List.of("found", "accepted", "rejected", "duplicates", "unchanged", "removed");

  private final PrintStream out;
  private final PrintStream err;

  @Parameters(paramLabel = "TABLE", description = "The table's folder, or its name in a catalog.")
  private String location = "";

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Option(
      names = "--snapshot",
      paramLabel = "ID",
      description = "A snapshot's id; the newest by default.")
  private @Nullable Long snapshotId;

  @Option(
      names = "--files",
      description =
          "Lists the snapshot's Parquet files on standard output, one per line, for readers"
              + " without Iceberg.")
  private boolean files;

  @Option(
      names = "--sheet",
      paramLabel = "FILE.png",
      description = "Writes a contact sheet of pictures of the train split, with their labels.")
  private @Nullable Path sheet;

  @Option(
      names = "--rejected",
      description =
          "With --sheet: shows rejected files instead, some for each reason, as far as they can"
              + " be read.")
  private boolean rejected;

  @Option(
      names = "--rollback",
      paramLabel = "ID",
      description =
          "Makes a former snapshot the newest again, with its settings; nothing is deleted.")
  private @Nullable Long rollback;

  /**
   * The command.
   *
   * @param out for lists that programs read
   * @param err for people
   */
  public InspectTableApp(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) throws SparkException {
    InspectTableApp app = new InspectTableApp(System.out, System.err);
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(app, arguments), System::exit);
  }

  /** Whether it is a name in a catalog; else it is a folder. */
  public boolean isInCatalog() {
    return catalog.file() != null;
  }

  /** The folder to look into, as it was given. */
  public String location() {
    return location;
  }

  /** Whether an option was given that only tables have. */
  public boolean hasTableOptions() {
    return snapshotId != null || files || sheet != null || rollback != null;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Configuration hadoop = HadoopSettings.ofApplication();
    TableAddress address = new TableAddress(location, catalog.file());
    if (rollback != null) {
      rollBack(address, rollback, hadoop);
    }
    try (PatchTable table = PatchTable.open(address, hadoop)) {
      TableSnapshot snapshot = snapshotId == null ? table.snapshot() : table.snapshot(snapshotId);
      if (sheet != null && rejected) {
        TableSheet.rejected(snapshot, sheet, hadoop);
      } else if (sheet != null) {
        TableSheet.accepted(snapshot, sheet, hadoop);
      }
      return files ? files(snapshot) : contents(table, snapshot);
    }
  }

  private static void rollBack(TableAddress address, long wanted, Configuration hadoop) {
    String run = "rollback-" + UUID.randomUUID();
    try (TableHome home = address.home(hadoop);
        TableMaintenance table = TableMaintenance.begin(home, run, hadoop)) {
      table.rollBack(wanted);
    }
  }

  private Map<String, Object> files(TableSnapshot snapshot) {
    List<String> paths = snapshot.dataFiles().stream().map(InspectTableApp::plain).toList();
    paths.forEach(out::println);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", snapshot.location());
    json.put("snapshot", snapshot.snapshotId());
    json.put("files", paths);
    return json;
  }

  /** A local file's path, which more readers understand than its URI. */
  private static String plain(String location) {
    URI uri = new org.apache.hadoop.fs.Path(location).toUri();
    return "file".equals(uri.getScheme()) ? uri.getPath() : location;
  }

  private Map<String, Object> contents(PatchTable table, TableSnapshot snapshot) {
    TableStatistics statistics = snapshot.statistics();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", table.location());
    json.put("schemaVersion", table.schemaVersion());
    json.put("snapshot", snapshot.snapshotId());
    json.put("images", images(statistics));
    json.put("labels", labels(snapshot));
    json.put("patches", snapshot.shape().patches());
    json.put("pixelMean", statistics.pixelMean());
    json.put("pixelStd", statistics.pixelStd());
    json.put("configuration", snapshot.configuration());
    json.put("fingerprint", table.fingerprint());
    json.put("summary", withoutSettings(snapshot.summary()));
    json.put("files", snapshot.dataFiles().size());
    json.put("rowGroups", rowGroups(snapshot));
    json.put("snapshots", snapshots(table));
    json.forEach(this::show);
    return json;
  }

  /** One line for people; a map's or list's entries go below their name. */
  public void show(String name, Object value) {
    if (value instanceof Map<?, ?> entries) {
      err.println(name + ":");
      entries.forEach((key, entry) -> err.println("  " + key + ": " + entry));
    } else if (value instanceof List<?> entries
        && entries.stream().anyMatch(Map.class::isInstance)) {
      err.println(name + ":");
      entries.forEach(entry -> err.println("  " + entry));
    } else {
      err.println(name + ": " + value);
    }
  }

  /** The settings have their own place. */
  private static Map<String, String> withoutSettings(Map<String, String> summary) {
    Map<String, String> rest = new TreeMap<>(summary);
    rest.keySet().removeIf(key -> key.startsWith("config."));
    return rest;
  }

  private static Map<String, Long> images(TableStatistics statistics) {
    Map<String, Long> images = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      images.put(split.word(), statistics.images(split));
    }
    return images;
  }

  private static Map<String, Map<String, Long>> labels(TableSnapshot snapshot) {
    Map<String, Map<String, Long>> named = new LinkedHashMap<>();
    snapshot
        .labelCounts()
        .forEach(
            (split, counts) -> {
              Map<String, Long> shown = new TreeMap<>(counts);
              Long unlabelled = shown.remove(TableSnapshot.UNLABELLED);
              if (unlabelled != null) {
                shown.put(NO_LABEL, unlabelled);
              }
              named.put(split.word(), shown);
            });
    return named;
  }

  private static Map<String, Integer> rowGroups(TableSnapshot snapshot) {
    Map<String, Integer> groups = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      groups.put(split.word(), snapshot.rowGroups(split).size());
    }
    return groups;
  }

  private static List<Map<String, Object>> snapshots(PatchTable table) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (TableSnapshot snapshot : table.snapshots()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("snapshot", snapshot.snapshotId());
      one.put("committed", Instant.ofEpochMilli(snapshot.committedAt()).toString());
      one.put("run", snapshot.runId());
      one.put("images", snapshot.statistics().total());
      for (String count : COUNTS) {
        one.put(count, Long.parseLong(snapshot.summary().getOrDefault(count, "0")));
      }
      one.put("configuration", snapshot.configuration());
      all.add(one);
    }
    return all;
  }
}
