/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.ChecksumException;
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
 * as safetensors, and a manifest with their checksums. The newest stay, and the best beside them:
 * the one with the lowest loss. The newest is what a finished run is judged by; the best is of use
 * where a run went wrong after it.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

  private final ParameterManifest layout;
  private final VectorFiles vectors;
  private final Supplier<VectorStore> empty;
  private final CheckpointFolders folders;
  private final CheckpointLosses losses;
  private final CheckpointRetention retention;

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
    this.layout = layout;
    this.empty = empty;
    this.vectors = new VectorFiles(run, layout);
    this.folders = new CheckpointFolders(run);
    this.losses = new CheckpointLosses(folders);
    this.retention = new CheckpointRetention(folders, losses, kept);
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

  /** The names of a run's checkpoint folders, newest first. */
  public static List<String> folders(RunFiles run) throws IOException {
    return new CheckpointFolders(run).finished().stream().map(Path::getName).toList();
  }

  /** The name of the best checkpoint's folder. Its vectors are not read, so they may be damaged. */
  public static Optional<String> best(RunFiles run) throws IOException {
    CheckpointFolders folders = new CheckpointFolders(run);
    return new CheckpointLosses(folders)
        .ranked(folders.finished()).stream().map(Path::getName).findFirst();
  }

  /**
   * Saves a state under its round; an earlier checkpoint of that round stays.
   *
   * @param meanLoss by which the checkpoint may be the best; one that is not finite never is
   */
  public void save(TrainingState state, double meanLoss) throws IOException {
    Path folder = folders.of(state.round());
    if (!damaged.containsKey(folder.getName()) && folders.isFinished(folder)) {
      return; // the same run at the same round
    }
    folders.drop(folder);
    damaged.remove(folder.getName());
    ObjectNode files = new ObjectMapper().createObjectNode();
    for (Vector vector : Vector.values()) {
      RunFiles.Written written = vectors.write(state.vectors(), vector, folder);
      files
          .putObject(VectorFiles.name(vector))
          .put("bytes", written.bytes())
          .put("sha256", written.sha256());
    }
    folders.finish(folder, CheckpointManifest.of(state, meanLoss, files, layout));
    losses.note(folder, meanLoss);
    retention.dropOld(whole());
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
    return firstWhole(folders.finished(), this::load);
  }

  /** θ of the newest whole checkpoint and its round; {@link #latest} says what is passed over. */
  public Optional<SavedParameters> latestParameters() throws IOException {
    return firstWhole(folders.finished(), this::loadParameters);
  }

  /**
   * θ of the best whole checkpoint and its round. A damaged one is passed over for the next best.
   *
   * @throws SplitMaskException as {@link #latest}; also blaming the user when there are checkpoints
   *     and none can be the best
   */
  public Optional<SavedParameters> bestParameters() throws IOException {
    List<Path> all = folders.finished();
    List<Path> ranked = losses.ranked(all);
    Check.that(
        all.isEmpty() || !ranked.isEmpty(),
        "none of the checkpoints in %s can be the best: those of earlier builds tell no loss, and"
            + " of others files are missing; give --checkpoint latest, or one of the rounds %s",
        folders.all(),
        rounds(all));
    return firstWhole(ranked, this::loadParameters);
  }

  /**
   * θ of the checkpoint of a round.
   *
   * @return none where the run has no checkpoint at all
   * @throws SplitMaskException blaming the user when there are only those of other rounds; blaming
   *     the data when it is damaged; blaming the cluster when the storage does not give it
   */
  public Optional<SavedParameters> parametersOf(long round) throws IOException {
    List<Path> all = folders.finished();
    Optional<Path> wanted =
        all.stream().filter(path -> CheckpointFolders.round(path) == round).findFirst();
    Check.that(
        all.isEmpty() || wanted.isPresent(),
        "%s has no checkpoint of round %d; it has those of the rounds %s",
        folders.all(),
        round,
        rounds(all));
    return wanted.map(path -> read(path, this::loadParameters));
  }

  /** How far the newest checkpoint came, as its manifest says; its vectors are not looked at. */
  public Optional<Progress> latestProgress() throws IOException {
    return firstWhole(
        folders.finished(),
        folder -> {
          JsonNode manifest = folders.manifest(folder);
          return new Progress(
              manifest.path("round").asInt(), CheckpointManifest.cursor(folder, manifest));
        });
  }

  /** The folder of the newest checkpoint, for messages and results. */
  public Optional<Path> latestPath() throws IOException {
    return whole().stream().findFirst();
  }

  private static List<Long> rounds(List<Path> checkpoints) {
    return checkpoints.stream().map(CheckpointFolders::round).toList();
  }

  /** The first that is not damaged; none, where there are no checkpoints. */
  private <T> Optional<T> firstWhole(List<Path> checkpoints, Loader<T> loader) {
    for (Path checkpoint : checkpoints) {
      try {
        return Optional.of(read(checkpoint, loader));
      } catch (SplitMaskException e) {
        if (e.blame() != Blame.DATA) {
          throw e;
        }
        LOG.warn("passing over checkpoint {}: {}", checkpoint, e.getMessage());
        damaged.put(checkpoint.getName(), e.getMessage());
      }
    }
    if (checkpoints.isEmpty()) {
      return Optional.empty();
    }
    throw Check.failure(
        Blame.DATA,
        "none of the %d checkpoints in %s can be read; of the first: %s. Bring one back from a"
            + " copy, or start again with another --output",
        checkpoints.size(),
        folders.all(),
        damaged.getOrDefault(checkpoints.get(0).getName(), "unknown"));
  }

  /** Reads a checkpoint, and says whose fault it is if that fails. */
  private static <T> T read(Path checkpoint, Loader<T> loader) {
    try {
      return loader.load(checkpoint);
    } catch (ChecksumException e) {
      throw new SplitMaskException(Blame.DATA, checkpoint + " is damaged: " + e.getMessage(), e);
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
  }

  /** The checkpoints, newest first, but for those that were found damaged. */
  private List<Path> whole() throws IOException {
    return folders.finished().stream()
        .filter(path -> !damaged.containsKey(path.getName()))
        .toList();
  }

  private TrainingState load(Path folder) throws IOException {
    JsonNode manifest = manifest(folder, List.of(Vector.values()));
    VectorStore loaded = empty.get();
    try {
      for (Vector vector : Vector.values()) {
        vectors.read(loaded, vector, folder, CheckpointManifest.sha256(vector, manifest));
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
    JsonNode manifest = manifest(folder, List.of(Vector.PARAMETERS));
    float[] parameters =
        vectors.read(
            Vector.PARAMETERS, folder, CheckpointManifest.sha256(Vector.PARAMETERS, manifest));
    return new SavedParameters(manifest.path("round").asInt(), parameters);
  }

  private JsonNode manifest(Path folder, List<Vector> wanted) throws IOException {
    for (Vector vector : wanted) {
      folders.requireFile(folder, VectorFiles.name(vector));
    }
    return folders.manifest(folder);
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
