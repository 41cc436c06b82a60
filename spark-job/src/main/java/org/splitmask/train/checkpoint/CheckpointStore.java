/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.model.ParameterManifest;

/**
 * The checkpoints of a run: {@code checkpoints/round-000040/} with parameters, moments and velocity
 * as safetensors and a manifest with their checksums, written aside and renamed when whole.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final int VERSION = 2;
  private static final String FOLDER = "checkpoints";
  private static final String PREFIX = "round-";
  private static final String MANIFEST = "manifest.json";
  private static final String PARAMETERS = "parameters.safetensors";
  private static final String FIRST_MOMENT = "first-moment.safetensors";
  private static final String SECOND_MOMENT = "second-moment.safetensors";
  private static final String VELOCITY = "velocity.safetensors";

  private final RunFiles run;
  private final ParameterManifest layout;
  private final int kept;
  private final Set<String> damaged = new HashSet<>();

  /**
   * The checkpoints of a run.
   *
   * @param kept how many of the newest stay
   */
  public CheckpointStore(RunFiles run, ParameterManifest layout, int kept) {
    this.run = run;
    this.layout = layout;
    this.kept = kept;
  }

  /** Saves a state under its round; an earlier checkpoint of that round stays. */
  public void save(TrainingState state) throws IOException {
    String name = String.format(Locale.ROOT, "%s%06d", PREFIX, state.round());
    Path target = new Path(run.path(FOLDER), name);
    if (run.fileSystem().exists(target)) {
      if (!damaged.contains(name)) {
        return; // the same run at the same round
      }
      run.fileSystem().delete(target, true);
      damaged.remove(name);
    }
    Path aside = new Path(run.path(FOLDER), "." + name + ".tmp");
    run.fileSystem().delete(aside, true);
    ObjectNode files = new ObjectMapper().createObjectNode();
    Map<String, float[]> vectors = new LinkedHashMap<>();
    vectors.put(PARAMETERS, state.optimizer().parameters());
    vectors.put(FIRST_MOMENT, state.optimizer().firstMoment());
    vectors.put(SECOND_MOMENT, state.optimizer().secondMoment());
    vectors.put(VELOCITY, state.velocity());
    for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
      SafeTensors tensors = NamedVectors.toTensors(vector.getValue(), layout);
      RunFiles.Written written = run.write(new Path(aside, vector.getKey()), tensors::write);
      files
          .putObject(vector.getKey())
          .put("bytes", written.bytes())
          .put("sha256", written.sha256());
    }
    byte[] manifest = manifest(state, files).toPrettyString().getBytes(StandardCharsets.UTF_8);
    run.write(new Path(aside, MANIFEST), out -> out.write(manifest));
    if (!run.fileSystem().rename(aside, target)) {
      throw new IOException("cannot rename " + aside + " to " + target);
    }
    dropOld();
  }

  /**
   * The newest whole checkpoint. A damaged one is passed over with a warning, for the one before
   * it; if all are damaged, that is an error: starting anew would lose the run in silence.
   */
  public Optional<TrainingState> latest() throws IOException {
    List<Path> checkpoints = checkpoints(run);
    for (Path checkpoint : checkpoints) {
      try {
        return Optional.of(load(checkpoint));
      } catch (SplitMaskException | IOException e) {
        LOG.warn("passing over checkpoint {}: {}", checkpoint, e.getMessage());
        damaged.add(checkpoint.getName());
      }
    }
    Check.data(
        checkpoints.isEmpty(),
        "none of the %d checkpoints in %s can be read; see the warnings above. To start again,"
            + " give another --output",
        checkpoints.size(),
        run.path(FOLDER));
    return Optional.empty();
  }

  /** The folder of the newest checkpoint, for messages and results. */
  public Optional<Path> latestPath() throws IOException {
    return checkpoints(run).stream().findFirst();
  }

  /** The names of a run's checkpoint folders, newest first. */
  public static List<String> folders(RunFiles run) throws IOException {
    return checkpoints(run).stream().map(Path::getName).toList();
  }

  private static List<Path> checkpoints(RunFiles run) throws IOException {
    List<Path> found = new ArrayList<>();
    if (run.exists(FOLDER)) {
      for (FileStatus status : run.fileSystem().listStatus(run.path(FOLDER))) {
        if (status.getPath().getName().matches(PREFIX + "\\d{6,}")) {
          found.add(status.getPath());
        }
      }
    }
    found.sort(Collections.reverseOrder());
    return found;
  }

  private void dropOld() throws IOException {
    List<Path> all = checkpoints(run);
    for (Path old : all.subList(Math.min(kept, all.size()), all.size())) {
      run.fileSystem().delete(old, true);
    }
  }

  private TrainingState load(Path folder) throws IOException {
    JsonNode manifest = run.json(FOLDER + "/" + folder.getName() + "/" + MANIFEST);
    int version = manifest.path("version").asInt();
    Check.data(
        version == VERSION, "%s has version %d, this program reads %d", folder, version, VERSION);
    OptimizerState optimizer =
        new OptimizerState(
            vector(folder, PARAMETERS, manifest),
            vector(folder, FIRST_MOMENT, manifest),
            vector(folder, SECOND_MOMENT, manifest),
            manifest.path("updates").asLong());
    return new TrainingState(
        manifest.path("round").asInt(),
        optimizer,
        vector(folder, VELOCITY, manifest),
        CursorJson.read(manifest.path("cursor")));
  }

  private float[] vector(Path folder, String file, JsonNode manifest) throws IOException {
    Path path = new Path(folder, file);
    String expected = manifest.path("files").path(file).path("sha256").asText();
    String actual = digest(path);
    Check.data(
        actual.equals(expected),
        "%s is damaged: its SHA-256 is %s, the manifest says %s",
        path,
        actual,
        expected);
    return NamedVectors.toVector(run.tensors(path), layout);
  }

  private String digest(Path path) throws IOException {
    MessageDigest digest = RunFiles.sha256();
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = new DigestInputStream(run.fileSystem().open(path), digest)) {
      while (in.read(chunk) >= 0) {
        // The digest sees what is read.
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private ObjectNode manifest(TrainingState state, ObjectNode files) {
    ObjectNode manifest = new ObjectMapper().createObjectNode();
    manifest.put("version", VERSION);
    manifest.put("round", state.round());
    manifest.put("updates", state.optimizer().updates());
    manifest.set("cursor", CursorJson.write(state.cursor()));
    manifest.set("files", files);
    ArrayNode parameters = manifest.putArray("parameters");
    for (ParameterManifest.Entry entry : layout.entries()) {
      ObjectNode tensor = parameters.addObject();
      tensor.put("name", entry.name()).put("offset", entry.offset()).put("order", "row-major");
      for (long side : entry.shape()) {
        tensor.withArray("shape").add(side);
      }
    }
    return manifest;
  }
}
