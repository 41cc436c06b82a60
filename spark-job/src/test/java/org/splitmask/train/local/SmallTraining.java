/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.Loading;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.schedule.WarmupCosine;
import org.splitmask.train.split.BlockMasker;
import org.splitmask.train.split.BlockSplitter;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskInput;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenCentering;
import org.splitmask.train.target.TokenSpace;
import org.splitmask.train.target.Tokenizer;

/** A network of two blocks and pictures of 16 px, for tests of the trainer. */
public final class SmallTraining {
  static final int VOCABULARY = 64;
  static final long SEED = 42;
  private static final PatchShape STORED = new PatchShape(16, 4, 3);
  private static final ModelInput INPUT =
      new ModelInput(STORED, 16, 4, PixelNormalisation.IMAGENET);

  private SmallTraining() {}

  public static TrainerSettings<SplitMaskBatch> settings(Branches branches) {
    return settings(branches, 1, 1, 0);
  }

  /** With another layer-wise decay of the rate, and no clipping. */
  public static TrainerSettings<SplitMaskBatch> withLayerDecay(double decay) {
    TrainerSettings<SplitMaskBatch> plain = settings(Branches.TWO);
    return new TrainerSettings<>(
        plain.task(),
        new Optimisation(plain.optimisation().adamW(), plain.optimisation().rate(), decay, 1e9, 1),
        plain.loading(),
        plain.engine(),
        plain.threads(),
        plain.seed());
  }

  public static TrainerSettings<SplitMaskBatch> settings(
      Branches branches, int batchesPerUpdate, int loaders, double dropPath) {
    int grid = INPUT.gridSide();
    TokenSpace tokens = new TokenSpace(4, 3, TokenCentering.GLOBAL);
    return new TrainerSettings<>(
        new SplitMaskTask(
            new NetworkShape(
                grid, INPUT.patchValues(), 64, 2, 4, 256, 1, Positions.SINCOS, grid, 0, dropPath),
            new Objective(
                branches, VOCABULARY, 1, branches == Branches.TWO ? 1 : 0, 0.2, Negatives.OPPOSITE),
            new SplitMaskInput(
                new AugmentedCrops(INPUT, Augmentation.STANDARD, SEED),
                branches == Branches.TWO ? new BlockSplitter(grid) : new BlockMasker(grid),
                Codebook.randomProjection(VOCABULARY, tokens.dimensions(), SEED),
                tokens),
            Tokenizer.RANDOM_PROJECTION),
        new Optimisation(
            new AdamW(0.9, 0.98, 1e-8, 0),
            new WarmupCosine(3e-3, 0.05, 0.01),
            1,
            3,
            batchesPerUpdate),
        new Loading(1, 1 << 20, loaders),
        new HostEngines(),
        1,
        SEED);
  }

  public static OptimizerState start(TrainerSettings<SplitMaskBatch> settings) {
    return OptimizerState.start(InitialParameters.all(settings.task().layout(), settings.seed()));
  }

  /** The first mini-batch of so many pictures. */
  public static SplitMaskBatch batch(TrainerSettings<SplitMaskBatch> settings, int images) {
    try (MiniBatchAssembler<SplitMaskBatch> assembler = settings.task().assembler()) {
      return assembler.assemble(pictures(images), 0);
    }
  }

  public static List<PatchRow> pictures(int count) {
    List<PatchRow> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] patches = new byte[STORED.bytes()];
      new Random(i).nextBytes(patches);
      pictures.add(new PatchRow("image " + i, "path " + i, null, patches));
    }
    return pictures;
  }

  /** So many pictures as if they were a table's. */
  public static TableRows rows(int count) {
    List<PatchRow> pictures = pictures(count);
    RowGroup group = new RowGroup("file", 0, count, 1);
    return new TableRows(List.of(group), 1, SEED, ignored -> pictures);
  }
}
