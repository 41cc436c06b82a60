/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import org.splitmask.train.tensors.SafeTensors;
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
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.target.Codebook;

/**
 * What makes a run this run: configuration, table snapshot and codebook, kept beside its
 * checkpoints.
 */
public final class RunIdentity {
  private static final String CONFIG = "config.yaml";
  private static final String TABLE = "table.json";
  private static final String CODEBOOK = "codebook.safetensors";
  private static final String CODEBOOK_TENSOR = "codebook";

  private final RunFiles run;

  public RunIdentity(RunFiles run) {
    this.run = run;
  }

  /**
   * A pinned table.
   *
   * @param location its folder
   * @param snapshot the Iceberg snapshot that the run reads from its first round to its last
   */
  public record PinnedTable(String location, long snapshot) {}

  /** Whether the folder holds a run already. */
  public boolean exists() throws IOException {
    return run.exists(CONFIG);
  }

  /** Writes a new run's identity; the configuration last, which makes it a run. */
  public void create(TrainConfig config, PinnedTable table, Codebook codebook) throws IOException {
    long[] shape = {codebook.vocabulary(), codebook.dimensions()};
    SafeTensors.Tensor tensor = SafeTensors.Tensor.of(codebook.values(), shape);
    String tokenizer = config.objective().tokenizer().word();
    SafeTensors tensors =
        new SafeTensors(Map.of("tokenizer", tokenizer), Map.of(CODEBOOK_TENSOR, tensor));
    run.replace(CODEBOOK, tensors::write);
    Map<String, Object> pinned = new LinkedHashMap<>();
    pinned.put("table", table.location());
    pinned.put("snapshot", table.snapshot());
    run.replace(TABLE, new ObjectMapper().writeValueAsString(pinned));
    writeConfig(config);
  }

  /** Notes the changeable keys of a configuration that continues this run. */
  public void update(TrainConfig config) throws IOException {
    writeConfig(config);
  }

  /**
   * Checks that a configuration continues this run.
   *
   * @throws org.splitmask.common.failure.SplitMaskException naming every key of the run's identity
   *     that differs, with both values; the run stays as it is
   */
  public void requireSame(TrainConfig config, String table) throws IOException {
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
        TrainConfig.CHANGEABLE.stream().sorted().toList());
  }

  public TrainConfig config() throws IOException {
    try (var stream = new ByteArrayInputStream(run.text(CONFIG).getBytes(StandardCharsets.UTF_8))) {
      return Configurations.bind(
          TrainConfig.class, KeyValues.ofYaml(stream, run.path(CONFIG).toString()));
    }
  }

  public PinnedTable pinnedTable() throws IOException {
    JsonNode json = run.json(TABLE);
    return new PinnedTable(json.path("table").asText(), json.path("snapshot").asLong());
  }

  public Codebook codebook() throws IOException {
    SafeTensors.Tensor tensor = run.tensors(run.path(CODEBOOK)).tensor(CODEBOOK_TENSOR);
    Check.data(tensor.shape().length == 2, "the codebook of %s is not a matrix", run.root());
    return new Codebook(tensor.floats(), (int) tensor.shape()[1]);
  }

  private void writeConfig(TrainConfig config) throws IOException {
    DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    run.replace(CONFIG, new Dump(settings).dumpToString(Configurations.effective(config)));
  }
}
