/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.Tokenizer;
import org.splitmask.train.task.LearningTask;
import org.splitmask.train.tensors.SafeTensors;

/**
 * SplitMask's objective (El-Nouby et al., 2112.10740), or BEiT's without the split, as a learning
 * task.
 *
 * @param shape the network's sizes
 * @param objective the losses
 * @param batches what decides a mini-batch besides its rows
 * @param tokenizer what the vocabulary is made of
 */
public record SplitMaskTask(
    NetworkShape shape, Objective objective, SplitMaskInput batches, Tokenizer tokenizer)
    implements LearningTask<SplitMaskBatch> {
  /** The file of a run that holds its vocabulary. */
  public static final String CODEBOOK_FILE = "codebook.safetensors";

  private static final String CODEBOOK_TENSOR = "codebook";

  @Override
  public ComputationGraphConfiguration graph() {
    return SplitMaskGraph.whole(shape, objective, DataType.FLOAT, /* seed= */ 0);
  }

  @Override
  public SplitMaskNetwork network() {
    return new SplitMaskNetwork(shape, objective, DataType.FLOAT);
  }

  @Override
  public SplitMaskBatchAssembler assembler() {
    return new SplitMaskBatchAssembler(batches);
  }

  /** How pictures become the model's input. */
  public ModelInput input() {
    return batches.input();
  }

  @Override
  public List<String> losses() {
    return objective.branches() == Branches.TWO
        ? List.of(SplitMaskLosses.INPAINT, SplitMaskLosses.MATCH)
        : List.of(SplitMaskLosses.INPAINT);
  }

  @Override
  public List<String> lastFigures() {
    return objective.branches() == Branches.TWO
        ? List.of(
            SplitMaskLosses.MATCH_ACCURACY,
            SplitMaskLosses.DEVIATION,
            SplitMaskLosses.EFFECTIVE_RANK)
        : List.of();
  }

  @Override
  public long stepBytes(int images) {
    return new StepMemory(shape, objective, images, batches.splitter().kept())
        .bytes(layout().length());
  }

  @Override
  public Map<String, SafeTensors> kept() {
    Codebook codebook = batches.codebook();
    long[] sides = {codebook.vocabulary(), codebook.dimensions()};
    SafeTensors.Tensor tensor = SafeTensors.Tensor.of(codebook.values(), sides);
    return Map.of(
        CODEBOOK_FILE,
        new SafeTensors(Map.of("tokenizer", tokenizer.word()), Map.of(CODEBOOK_TENSOR, tensor)));
  }

  /**
   * The vocabulary that a run kept.
   *
   * @param name the file's, for messages
   */
  public static Codebook codebook(SafeTensors kept, String name) {
    SafeTensors.Tensor tensor = kept.tensor(CODEBOOK_TENSOR);
    Check.data(tensor.shape().length == 2, "the codebook in %s is not a matrix", name);
    return new Codebook(tensor.floats(), (int) tensor.shape()[1]);
  }
}
