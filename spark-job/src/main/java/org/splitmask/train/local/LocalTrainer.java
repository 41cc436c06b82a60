/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.kernel.NativeThreads;
import org.splitmask.train.kernel.Scratch;
import org.splitmask.train.model.ParameterManifest;
import org.splitmask.train.model.ParameterSpec.Decay;
import org.splitmask.train.model.SplitMaskNetwork;
import org.splitmask.train.model.StepLosses;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.target.PatchTokenizer;

/**
 * Trains one network on one worker's share of a round. Holds native buffers: kept and used again
 * round after round, by one thread at a time.
 */
public final class LocalTrainer {
  private final TrainerSettings settings;
  private final SplitMaskNetwork network;
  private final MiniBatchAssembler assembler;
  private final Scratch scratch = new Scratch();
  private final float[] gradient;

  public LocalTrainer(TrainerSettings settings) {
    NativeThreads.limit(settings.threads());
    this.settings = settings;
    this.network = initialNetwork(settings);
    this.assembler =
        new MiniBatchAssembler(
            settings.input(),
            settings.splitter(),
            new PatchTokenizer(settings.codebook(), settings.tokenSpace()),
            settings.seed());
    this.gradient = new float[network.manifest().length()];
  }

  /** The network as the seed starts it. */
  public static SplitMaskNetwork initialNetwork(TrainerSettings settings) {
    return SplitMaskNetwork.create(
        settings.shape(), settings.objective(), DataType.FLOAT, settings.seed());
  }

  /**
   * Takes the planned steps from a state.
   *
   * @param start left as it is
   * @param rows the images of the train split
   */
  public WorkerResult train(
      int worker, OptimizerState start, List<StepPlan> steps, TableRows rows) {
    OptimizerState state = start.copy();
    List<StepMetrics> metrics = new ArrayList<>();
    long images = 0;
    for (StepPlan step : steps) {
      MiniBatch batch = assembler.assemble(rows.rows(step.epoch(), step.places()), step.epoch());
      StepMetrics taken = step(state, batch, step.progress(), start.updates() + metrics.size() + 1);
      metrics.add(taken);
      images += batch.images();
      if (!taken.isFinite()) {
        break;
      }
    }
    return new WorkerResult(worker, state.afterUpdates(metrics.size()), images, metrics);
  }

  /** One step: forward, backward, clip, AdamW; the state's arrays are updated in place. */
  StepMetrics step(OptimizerState state, MiniBatch batch, double progress, long update) {
    NativeMemory.copy(state.parameters(), network.parameters());
    StepLosses losses = computeGradients(batch);
    NativeMemory.copy(network.gradients(), gradient);
    double norm = norm(gradient);
    double rate = settings.rate().at(progress);
    StepMetrics metrics = new StepMetrics(batch.images(), losses, rate, norm);
    if (metrics.isFinite()) {
      float scale = (float) Math.min(1, settings.clipNorm() / (norm + 1e-6)); // as PyTorch clips
      for (ParameterManifest.Entry entry : network.manifest().entries()) {
        AdamW.Decay decay = entry.decay() == Decay.DECAYED ? AdamW.Decay.ON : AdamW.Decay.OFF;
        int end = entry.offset() + entry.length();
        settings.adamW().update(state, gradient, scale, entry.offset(), end, decay, rate, update);
      }
    }
    return metrics;
  }

  private StepLosses computeGradients(MiniBatch batch) {
    INDArray patches =
        scratch.array(
            "patches",
            DataType.FLOAT,
            batch.images(),
            settings.input().patches(),
            settings.input().patchValues());
    NativeMemory.copy(batch.patches(), patches);
    return network.computeGradients(patches, batch.visible(), batch.labels());
  }

  /** The manifest of the trained vector. */
  public ParameterManifest manifest() {
    return network.manifest();
  }

  SplitMaskNetwork network() {
    return network;
  }

  private static double norm(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
