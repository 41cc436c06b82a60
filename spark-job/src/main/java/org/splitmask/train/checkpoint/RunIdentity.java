/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Check;
import org.splitmask.train.config.RunSettings;
import org.splitmask.train.tensors.SafeTensors;

/**
 * What identifies a run: its configuration, its table's snapshot, and what its task has to keep.
 * Files beside the checkpoints.
 */
public final class RunIdentity<C extends Record & RunSettings> {
  private static final String CONFIG = "config.yaml";
  private static final String TABLE = "table.json";

  private final RunFiles run;
  private final Class<C> type;

  /**
   * The identity of a run, which need not be there yet.
   *
   * @param type of its configuration
   */
  public RunIdentity(RunFiles run, Class<C> type) {
    this.run = run;
    this.type = type;
  }

  /**
   * A pinned table.
   *
   * @param location its folder
   * @param snapshot the Iceberg snapshot that the run reads from its first round to its last
   */
  public record PinnedTable(String location, long snapshot) {}

  /** Whether a folder holds a run already. */
  public static boolean exists(RunFiles run) throws IOException {
    return run.exists(CONFIG);
  }

  /**
   * Writes a new run's identity; the configuration last, which makes it a run.
   *
   * @param kept what the task has to keep, by file name
   */
  public void create(C config, PinnedTable table, Map<String, SafeTensors> kept)
      throws IOException {
    for (Map.Entry<String, SafeTensors> file : kept.entrySet()) {
      run.replace(file.getKey(), file.getValue()::write);
    }
    Map<String, Object> pinned = new LinkedHashMap<>();
    pinned.put("table", table.location());
    pinned.put("snapshot", table.snapshot());
    run.replace(TABLE, new ObjectMapper().writeValueAsString(pinned));
    writeConfig(config);
  }

  /** Notes the changeable keys of a configuration that continues this run. */
  public void update(C config) throws IOException {
    writeConfig(config);
  }

  /**
   * Checks that a configuration continues this run.
   *
   * @throws org.splitmask.common.failure.SplitMaskException naming every key of the run's identity
   *     that differs, with both values; the run stays as it is
   */
  public void requireSame(C config, String table) throws IOException {
    Map<String, String> before = config().identity();
    Map<String, String> differing = new TreeMap<>();
    config
        .identity()
        .forEach(
            (key, value) -> {
              if (!value.equals(before.get(key))) {
                differing.put(key, before.get(key) + " in the run, " + value + " now");
              }
            });
    if (!pinnedTable().location().equals(table)) {
      differing.put("--table", pinnedTable().location() + " in the run, " + table + " now");
    }
    Check.that(
        differing.isEmpty(),
        "%s belongs to another configuration: %s. Give the run's own values, or another --output"
            + " (only %s may change)",
        run.root(),
        differing,
        config.changeable().stream().sorted().toList());
  }

  public C config() throws IOException {
    try (var stream = new ByteArrayInputStream(run.text(CONFIG).getBytes(StandardCharsets.UTF_8))) {
      return Configurations.bind(type, KeyValues.ofYaml(stream, run.path(CONFIG).toString()));
    }
  }

  public PinnedTable pinnedTable() throws IOException {
    JsonNode json = run.json(TABLE);
    return new PinnedTable(json.path("table").asText(), json.path("snapshot").asLong());
  }

  /** A file that the task kept. */
  public SafeTensors kept(String name) throws IOException {
    Check.data(
        run.exists(name),
        "%s is missing, without which the run cannot go on; bring the file back, or give another"
            + " --output",
        run.path(name));
    return run.tensors(run.path(name));
  }

  private void writeConfig(C config) throws IOException {
    DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    run.replace(CONFIG, new Dump(settings).dumpToString(Configurations.effective(config)));
  }
}
