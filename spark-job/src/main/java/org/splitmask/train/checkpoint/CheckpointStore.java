/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.state.VectorStore.Vector;

/**
 * The checkpoints of a run: {@code checkpoints/round-000040/} with parameters, moments and velocity
 * as safetensors, and a manifest with their checksums. The manifest is written last and goes first:
 * a folder without one is no checkpoint. That holds on every filesystem, also where a folder cannot
 * be renamed in one step.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String FOLDER = "checkpoints";
  private static final String PREFIX = "round-";
  private static final String MANIFEST = "manifest.json";

  private final RunFiles run;
  private final ParameterManifest layout;
  private final VectorFiles vectors;
  private final int kept;
  private final Supplier<VectorStore> empty;

  /** Why each was passed over, by its folder's name. */
  private final Map<String, String> damaged = new HashMap<>();

  /**
   * The checkpoints of a run.
   *
   * @param kept how many of the newest stay
   * @param empty makes the store into which a checkpoint's vectors are read
   */
  public CheckpointStore(
      RunFiles run, ParameterManifest layout, int kept, Supplier<VectorStore> empty) {
    this.run = run;
    this.layout = layout;
    this.kept = kept;
    this.empty = empty;
    this.vectors = new VectorFiles(run, layout);
  }

  /** The checkpoints of a run, for those who read its parameters alone. */
  public static CheckpointStore reader(RunFiles run, ParameterManifest layout) {
    return new CheckpointStore(
        run,
        layout,
        Integer.MAX_VALUE,
        () -> {
          throw new IllegalStateException("this reads parameters alone");
        });
  }

  /** Saves a state under its round; an earlier checkpoint of that round stays. */
  public void save(TrainingState state) throws IOException {
    String name = String.format(Locale.ROOT, "%s%06d", PREFIX, state.round());
    Path folder = new Path(run.path(FOLDER), name);
    if (!damaged.containsKey(name) && isFinished(run, folder)) {
      return; // the same run at the same round
    }
    drop(folder);
    damaged.remove(name);
    ObjectNode files = new ObjectMapper().createObjectNode();
    for (Vector vector : Vector.values()) {
      RunFiles.Written written = vectors.write(state.vectors(), vector, folder);
      files
          .putObject(VectorFiles.name(vector))
          .put("bytes", written.bytes())
          .put("sha256", written.sha256());
    }
    byte[] manifest = CheckpointManifest.sealed(CheckpointManifest.of(state, files, layout));
    run.replace(FOLDER + "/" + name + "/" + MANIFEST, out -> out.write(manifest));
    dropOld();
  }

  /**
   * The newest whole checkpoint. A damaged one is passed over with a warning, for the one before
   * it: one of whose files is missing, has another checksum than was written or is not in its
   * format. If all are damaged, that is an error: starting anew would lose the run in silence.
   *
   * @throws SplitMaskException blaming the cluster when the storage does not give a file that it
   *     has; blaming the data when all are damaged; blaming the user when the newest was written by
   *     another version of this program. All checkpoints stay then
   */
  public Optional<TrainingState> latest() throws IOException {
    return latest(this::load);
  }

  /** θ of the newest whole checkpoint and its round; {@link #latest} says what is passed over. */
  public Optional<SavedParameters> latestParameters() throws IOException {
    return latest(this::loadParameters);
  }

  /** How far the newest checkpoint came, as its manifest says; its vectors are not looked at. */
  public Optional<Progress> latestProgress() throws IOException {
    return latest(
        folder -> {
          JsonNode manifest = readManifest(folder, List.of());
          return new Progress(
              manifest.path("round").asInt(), CheckpointManifest.cursor(folder, manifest));
        });
  }

  private <T> Optional<T> latest(Loader<T> loader) throws IOException {
    List<Path> checkpoints = checkpoints(run);
    for (Path checkpoint : checkpoints) {
      Optional<T> whole = read(checkpoint, loader);
      if (whole.isPresent()) {
        return whole;
      }
    }
    if (checkpoints.isEmpty()) {
      return Optional.empty();
    }
    throw Check.failure(
        Blame.DATA,
        "none of the %d checkpoints in %s can be read; of the newest: %s. Bring one back from a"
            + " copy, or start again with another --output",
        checkpoints.size(),
        run.path(FOLDER),
        damaged.getOrDefault(checkpoints.get(0).getName(), "unknown"));
  }

  /** The state of a whole checkpoint; none, with a warning, of a damaged one. */
  private <T> Optional<T> read(Path checkpoint, Loader<T> loader) {
    try {
      return Optional.of(loader.load(checkpoint));
    } catch (ChecksumException e) {
      passOver(checkpoint, e);
    } catch (SplitMaskException e) {
      if (e.blame() != Blame.DATA) {
        throw e;
      }
      passOver(checkpoint, e);
    } catch (IOException e) {
      throw new SplitMaskException(
          Blame.CLUSTER,
          String.format(
              Locale.ROOT,
              "cannot read checkpoint %s: %s; it may be whole, so nothing was changed. The same"
                  + " command goes on from there once the storage gives it",
              checkpoint,
              e.getMessage()),
          e);
    }
    return Optional.empty();
  }

  private void passOver(Path checkpoint, Exception why) {
    LOG.warn("passing over checkpoint {}: {}", checkpoint, why.getMessage());
    damaged.put(checkpoint.getName(), why.getMessage());
  }

  /** The folder of the newest checkpoint, for messages and results. */
  public Optional<Path> latestPath() throws IOException {
    return whole().findFirst();
  }

  /** The checkpoints, newest first, but for those that were found damaged. */
  private Stream<Path> whole() throws IOException {
    return checkpoints(run).stream().filter(path -> !damaged.containsKey(path.getName()));
  }

  /** The names of a run's checkpoint folders, newest first. */
  public static List<String> folders(RunFiles run) throws IOException {
    return checkpoints(run).stream().map(Path::getName).toList();
  }

  private static List<Path> checkpoints(RunFiles run) throws IOException {
    List<Path> finished = new ArrayList<>();
    for (Path folder : begun(run)) {
      if (isFinished(run, folder)) {
        finished.add(folder);
      } else {
        LOG.debug("{} has no manifest: it was not finished, or is being written", folder);
      }
    }
    return finished;
  }

  /** The folders of checkpoints, with those that a kill left unfinished; newest first. */
  private static List<Path> begun(RunFiles run) throws IOException {
    List<Path> found = new ArrayList<>();
    if (run.exists(FOLDER)) {
      for (FileStatus status : run.fileSystem().listStatus(run.path(FOLDER))) {
        if (status.getPath().getName().matches(PREFIX + "\\d{6,10}")) {
          found.add(status.getPath());
        }
      }
    }
    found.sort(Comparator.comparingLong(CheckpointStore::round).reversed());
    return found;
  }

  private static boolean isFinished(RunFiles run, Path folder) throws IOException {
    return run.fileSystem().exists(new Path(folder, MANIFEST));
  }

  /** By its number: names have more digits beyond round 999,999. */
  private static long round(Path checkpoint) {
    return Long.parseLong(checkpoint.getName().substring(PREFIX.length()));
  }

  /** Keeps the newest whole ones; a damaged one after them waits for its round to come again. */
  private void dropOld() throws IOException {
    OptionalLong oldestKept = whole().limit(kept).mapToLong(CheckpointStore::round).min();
    for (Path checkpoint : begun(run)) {
      if (oldestKept.isPresent() && round(checkpoint) < oldestKept.getAsLong()) {
        drop(checkpoint);
      }
    }
  }

  /** The manifest first: of what a kill then leaves nobody thinks that it is damaged. */
  private void drop(Path folder) throws IOException {
    run.fileSystem().delete(new Path(folder, MANIFEST), false);
    run.fileSystem().delete(folder, true);
  }

  private TrainingState load(Path folder) throws IOException {
    JsonNode manifest = readManifest(folder, List.of(Vector.values()));
    VectorStore loaded = empty.get();
    try {
      for (Vector vector : Vector.values()) {
        vectors.read(loaded, vector, folder, sha256(vector, manifest));
      }
      return new TrainingState(
          manifest.path("round").asInt(),
          manifest.path("updates").asLong(),
          loaded,
          CheckpointManifest.cursor(folder, manifest),
          CheckpointManifest.rateFactor(folder, manifest));
    } catch (IOException | RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  private SavedParameters loadParameters(Path folder) throws IOException {
    JsonNode manifest = readManifest(folder, List.of(Vector.PARAMETERS));
    float[] parameters =
        vectors.read(Vector.PARAMETERS, folder, sha256(Vector.PARAMETERS, manifest));
    return new SavedParameters(manifest.path("round").asInt(), parameters);
  }

  private static String sha256(Vector vector, JsonNode manifest) {
    return manifest.path("files").path(VectorFiles.name(vector)).path("sha256").asText();
  }

  private JsonNode readManifest(Path folder, List<Vector> wanted) throws IOException {
    List<String> files = new ArrayList<>(List.of(MANIFEST));
    wanted.forEach(vector -> files.add(VectorFiles.name(vector)));
    for (String file : files) {
      // Asked first: a local disk says of every file that it cannot open that there is none.
      Path path = new Path(folder, file);
      Check.data(run.fileSystem().exists(path), "%s is missing", path);
    }
    JsonNode manifest = run.json(FOLDER + "/" + folder.getName() + "/" + MANIFEST);
    CheckpointManifest.checkWhole(folder, manifest);
    CheckpointManifest.checkVersion(folder, manifest);
    return manifest;
  }

  /** Reads a checkpoint, or a part of it. */
  private interface Loader<T> {
    T load(Path checkpoint) throws IOException;
  }

  /**
   * θ of a checkpoint.
   *
   * @param round that it was saved after
   * @param parameters in the layout of the whole network
   */
  // An array of as many values as the network has parameters.
  @SuppressWarnings("ArrayRecordComponent")
  public record SavedParameters(int round, float[] parameters) {}
}
