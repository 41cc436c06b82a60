/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.common.session.QuickLocalFileSystem;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskNetwork;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.state.VectorStore.Vector;

/** Checkpoints of random states, and ways to damage them. */
abstract class CheckpointFixture {
  private static final ParameterManifest LAYOUT = layout(5);

  /** Of equal losses the newest is the best. */
  protected static final double LOSS = 3.5;

  /** Read once; that takes longer than a test. */
  protected static final Configuration HADOOP = new Configuration();

  static {
    HADOOP.set("fs.steps.impl", StepsOnlyFileSystem.class.getName());
    HADOOP.set("fs.file.impl", QuickLocalFileSystem.class.getName()); // as in a local session
    HADOOP.setBoolean("fs.file.impl.disable.cache", true);
  }

  @TempDir protected Path folder;

  protected void damage(int round) throws IOException {
    String name = "run/checkpoints/round-00000%d/parameters.safetensors".formatted(round);
    Path file = folder.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** Without its own checksum, as older programs wrote it; a change would be damage. */
  protected void rewriteManifest(int round, UnaryOperator<String> change) throws IOException {
    Path file = folder.resolve("run/checkpoints/round-00000%d/manifest.json".formatted(round));
    String old = Files.readString(file).replaceFirst(",\\s*\"sha256\" : \"\\w{64}\"\\s*}$", "}");
    String changed = change.apply(old);
    assertThat(changed).isNotEqualTo(old);
    Files.writeString(file, changed);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** Saves a checkpoint of each loss in turn, from round 1, each by a store that knows nothing. */
  protected void saveAll(String run, int kept, double... losses) throws IOException {
    for (int i = 0; i < losses.length; i++) {
      store(run, kept).save(state(i + 1), losses[i]);
    }
  }

  protected CheckpointStore store(String run, int kept) {
    return new CheckpointStore(files(run), LAYOUT, kept, () -> vectors(LAYOUT));
  }

  protected RunFiles files(String run) {
    return new RunFiles(run.contains(":") ? run : folder.resolve(run).toString(), HADOOP);
  }

  protected static ParameterManifest layout(int vocabulary) {
    NetworkShape shape = NetworkShape.plain(2, 3, 4, 1, 2, 6, 1, Positions.LEARNED);
    Objective objective = new Objective(Branches.TWO, vocabulary, 1, 1, 0.2, Negatives.OPPOSITE);
    try (SplitMaskNetwork network = SplitMaskNetwork.create(shape, objective, DataType.FLOAT, 1)) {
      return network.manifest();
    }
  }

  protected static TrainingState state(int round) {
    return state(round, LAYOUT);
  }

  protected static TrainingState state(int round, ParameterManifest layout) {
    Random random = new Random(round);
    VectorStore vectors = vectors(layout);
    for (Vector vector : Vector.values()) {
      vectors.write(vector, 0, vector(random, layout));
    }
    Cursor cursor =
        new Cursor(
            1,
            7,
            3,
            8,
            List.of(List.of(new Range(0, 5)), List.of(new Range(5, 10 + round % 1000))));
    return new TrainingState(round, 10L * round, vectors, cursor);
  }

  protected static VectorStore vectors(ParameterManifest layout) {
    return VectorStore.create(layout.length(), Long.MAX_VALUE, Path.of(""));
  }

  protected static float[] vector(Random random, ParameterManifest layout) {
    float[] vector = new float[layout.length()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }
}
