/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.encoder;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.checkpoint.CheckpointChoice;
import org.splitmask.train.checkpoint.CheckpointStore.SavedParameters;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionInterpolation;
import org.splitmask.train.model.VisionEncoder;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.SplitMaskTask;

/**
 * The encoder of a run's checkpoint, as it is used: on pictures of the size that it was trained on,
 * or of another, for which its positions are interpolated.
 *
 * @param input how pictures become its input
 * @param layout of the parameters
 * @param parameters as trained
 * @param initial draws the same encoder's before its first step
 * @param round of the checkpoint
 */
// An array of as many values as the encoder has parameters.
@SuppressWarnings("ArrayRecordComponent")
public record TrainedEncoder(
    NetworkShape shape,
    ModelInput input,
    ParameterManifest layout,
    float[] parameters,
    Supplier<float[]> initial,
    int round) {
  /**
   * Reads it; builds no network.
   *
   * @param checkpoint which of the run's
   * @param task of the run, for the pictures it is to be used on
   * @param cropSize the side of the input, where it is not the one trained on
   */
  public static TrainedEncoder read(
      TrainedRun run, CheckpointChoice checkpoint, SplitMaskTask task, OptionalInt cropSize)
      throws IOException {
    ModelInput input =
        cropSize.isPresent() ? task.input().ofSize(cropSize.getAsInt()) : task.input();
    NetworkShape trained = task.shape();
    NetworkShape shape = trained.onGrid(input.gridSide());
    ParameterManifest whole = task.layout();
    ParameterManifest trainedLayout = VisionEncoder.layout(trained);
    ParameterManifest layout = VisionEncoder.layout(shape);
    UnaryOperator<float[]> onGrid =
        parameters ->
            PositionInterpolation.onGrid(
                parameters, trainedLayout, trained.gridSide(), layout, shape.gridSide());
    SavedParameters saved = run.parameters(checkpoint, whole);
    long seed = run.config().run().seed();
    return new TrainedEncoder(
        shape,
        input,
        layout,
        onGrid.apply(trainedLayout.select(saved.parameters(), whole)),
        () -> onGrid.apply(InitialParameters.all(trainedLayout, seed)),
        saved.round());
  }
}
