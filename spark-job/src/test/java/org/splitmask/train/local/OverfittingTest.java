/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.Objective;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.schedule.WarmupCosine;
import org.splitmask.train.split.BlockSplitter;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.PatchTokenizer;
import org.splitmask.train.target.TokenCentering;
import org.splitmask.train.target.TokenSpace;

/** A network that cannot learn 32 images by heart will learn nothing of many. */
class OverfittingTest {
  private static final int IMAGES = 32;
  private static final int VOCABULARY = 64;
  private static final int UPDATES = 300;
  private static final long SEED = 42;
  private static final PatchShape STORED = new PatchShape(16, 4, 3);
  private static final ModelInput INPUT =
      new ModelInput(STORED, 16, 4, PixelNormalisation.IMAGENET);

  @Test
  void thirtyTwoImagesAreLearntByHeart() {
    TokenSpace tokens = new TokenSpace(4, 3, TokenCentering.GLOBAL);
    Codebook codebook = Codebook.randomProjection(VOCABULARY, tokens.dimensions(), SEED);
    TrainerSettings settings =
        new TrainerSettings(
            new NetworkShape(4, INPUT.patchValues(), 64, 2, 4, 256, 1, Positions.SINCOS, 0),
            new Objective(VOCABULARY, 1, 1, 0.2, Negatives.OPPOSITE),
            INPUT,
            new BlockSplitter(4),
            codebook,
            tokens,
            new AdamW(0.9, 0.98, 1e-8, 0),
            new WarmupCosine(3e-3, 0.05, 0.01),
            3,
            1,
            1 << 20,
            1,
            SEED);
    LocalTrainer trainer = new LocalTrainer(settings);
    OptimizerState state =
        OptimizerState.start(
            NativeMemory.toArray(LocalTrainer.initialNetwork(settings).parameters()));
    MiniBatch batch =
        new MiniBatchAssembler(
                INPUT, settings.splitter(), new PatchTokenizer(codebook, tokens), SEED)
            .assemble(pictures(), 0);

    double first = trainer.step(state, batch, 0, 1).losses().inpaint();
    StepMetrics last = null;
    for (int update = 2; update <= UPDATES; update++) {
      last = trainer.step(state, batch, (double) update / UPDATES, update);
    }

    assertThat(first).isGreaterThan(0.8 * Math.log(VOCABULARY));
    assertThat(last).isNotNull();
    assertThat(last.losses().inpaint()).isLessThan(0.1 * first);
    assertThat(last.losses().matchAccuracy()).isGreaterThan(0.9);
  }

  private static List<PatchRow> pictures() {
    List<PatchRow> pictures = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      byte[] patches = new byte[STORED.bytes()];
      new Random(i).nextBytes(patches);
      pictures.add(new PatchRow("image " + i, "path " + i, null, patches));
    }
    return pictures;
  }
}
