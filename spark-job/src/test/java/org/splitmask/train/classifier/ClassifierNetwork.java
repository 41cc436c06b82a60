/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.classifier;

import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.model.GraphNetwork;
import org.splitmask.train.task.GradientNetwork;
import org.splitmask.train.task.StepFigures;

/** The encoder with a classifier's head, and its gradients. */
final class ClassifierNetwork extends GraphNetwork implements GradientNetwork<ClassifierBatch> {
  private final ClassifierTask task;

  ClassifierNetwork(ClassifierTask task) {
    super(task.graph(), DataType.FLOAT, Use.TRAINING);
    this.task = task;
  }

  @Override
  public StepFigures computeGradients(ClassifierBatch batch) {
    INDArray patches =
        input(
            "patches",
            DataType.FLOAT,
            batch.images(),
            task.shape().patches(),
            task.shape().patchValues());
    NativeMemory.copy(batch.patches(), patches);
    int[][] labels = new int[batch.images()][];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = new int[] {batch.classes()[n]};
    }
    graph().setInputs(patches);
    graph().setLabels(integers("labels", labels));
    graph().computeGradientAndScore();
    var output = (ClassifierLayer.Implementation) graph().getOutputLayer(0);
    return new StepFigures(output.loss(), Map.of(ClassifierTask.ACCURACY, output.accuracy()));
  }
}
