/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.model.PositionInterpolation;
import org.splitmask.train.splitmask.SplitMaskNetwork;

/**
 * The encoder of a run's newest checkpoint, as it is used: on pictures of the size that it was
 * trained on, or of another, for which its positions are interpolated.
 *
 * @param input how pictures become its input
 * @param layout of the parameters
 * @param parameters as trained
 * @param initial the same encoder's before its first step
 * @param round of the checkpoint
 */
// Arrays of as many values as the encoder has parameters.
@SuppressWarnings("ArrayRecordComponent")
public record TrainedEncoder(
    NetworkShape shape,
    ModelInput input,
    ParameterManifest layout,
    float[] parameters,
    float[] initial,
    int round) {
  /**
   * Reads it.
   *
   * @param settings of the run, for the pictures it is to be used on
   * @param cropSize the side of the input, where it is not the one trained on
   */
  public static TrainedEncoder read(TrainedRun run, TrainerSettings settings, OptionalInt cropSize)
      throws IOException {
    ModelInput input =
        cropSize.isPresent() ? settings.input().ofSize(cropSize.getAsInt()) : settings.input();
    NetworkShape trained = settings.shape();
    NetworkShape shape = trained.onGrid(input.gridSide());
    ParameterManifest whole = LocalTrainer.initialNetwork(settings).manifest();
    SplitMaskNetwork initial =
        SplitMaskNetwork.createEncoder(trained, DataType.FLOAT, settings.seed());
    ParameterManifest layout =
        SplitMaskNetwork.createEncoder(shape, DataType.FLOAT, settings.seed()).manifest();
    UnaryOperator<float[]> onGrid =
        parameters ->
            PositionInterpolation.onGrid(
                parameters, initial.manifest(), trained.gridSide(), layout, shape.gridSide());
    return new TrainedEncoder(
        shape,
        input,
        layout,
        onGrid.apply(initial.manifest().select(run.parameters(whole), whole)),
        onGrid.apply(NativeMemory.toArray(initial.parameters())),
        run.round(whole));
  }
}
