/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.classifier;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.model.LinearLayer;
import org.splitmask.train.model.LossLayerImplementation;
import org.splitmask.train.model.VisiblePatches;
import org.splitmask.train.model.VisionLayer;
import org.splitmask.train.model.VisionLayerImplementation;
import org.splitmask.train.parameter.InitialValues;
import org.splitmask.train.parameter.ParameterSpec;

/** The mean of the tokens, a linear head D → C, softmax cross-entropy; labels [N, 1]. */
final class ClassifierLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  private final int width;
  private final int classes;

  ClassifierLayer(int width, int classes) {
    this.width = width;
    this.classes = classes;
  }

  @Override
  protected List<Object> settings() {
    return List.of(width, classes);
  }

  @Override
  protected List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.weight("weight", classes, width),
        ParameterSpec.exempt("bias", InitialValues.ZEROS, classes));
  }

  @Override
  protected VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type);
  }

  static final class Implementation extends LossLayerImplementation<ClassifierLayer> {
    private static final long serialVersionUID = 1L;
    private double loss;
    private double accuracy;

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    protected INDArray forward(INDArray tokens) {
      INDArray pooled = buffer("pooled", tokens.size(0), tokens.size(2));
      kernels().tokenSums(tokens, pooled);
      pooled.divi(tokens.size(1));
      INDArray logits = buffer("logits", tokens.size(0), layerConf().classes);
      kernels().linear(pooled, parameter("weight"), parameter("bias"), null, logits);
      return logits;
    }

    @Override
    protected INDArray backward(INDArray ignored) {
      INDArray logits = forward(input);
      int[] targets = new int[(int) labels().length()];
      NativeMemory.copy(labels(), 0, targets);
      accuracy = accuracy(logits, targets);
      double scale = 1.0 / targets.length;
      loss = kernels().softmaxCrossEntropy(logits, targets, scale) / targets.length;
      INDArray pooled = buffer("pooled", targets.length, input.size(2));
      INDArray dPooled = temporary("d-pooled", targets.length, input.size(2));
      kernels()
          .linearBackward(
              pooled,
              null,
              parameter("weight"),
              logits,
              dPooled,
              gradient("weight"),
              gradient("bias"));
      dPooled.divi(input.size(1));
      INDArray below = buffer("input-gradient", input.shape()).assign(0);
      int tokens = (int) input.size(1);
      int[] rows = VisiblePatches.counting(targets.length * tokens);
      int[] imageOfRow = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        imageOfRow[i] = i / tokens;
      }
      kernels().addRows(dPooled, imageOfRow, LinearLayer.matrix(below), rows);
      return below;
    }

    private static double accuracy(INDArray logits, int[] targets) {
      int[] predicted = logits.argMax(1).toIntVector();
      int right = 0;
      for (int i = 0; i < targets.length; i++) {
        right += predicted[i] == targets[i] ? 1 : 0;
      }
      return (double) right / targets.length;
    }

    @Override
    protected double loss() {
      return loss;
    }

    double accuracy() {
      return accuracy;
    }

    @Override
    protected int outputs() {
      return layerConf().classes;
    }
  }
}
