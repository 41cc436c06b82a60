/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.splitmask.train.model.LayerNormLayer;
import org.splitmask.train.model.LinearLayer;
import org.splitmask.train.model.PositionTableLayer;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.model.SplitVertex;
import org.splitmask.train.model.TransformerBlockLayer;

/**
 * Another network from the same layers: a ViT that classifies, with DL4J's own pooling, output
 * layer, updater, {@code fit} and model file. The example of docs/reuse.md.
 */
class SupervisedVitTest {
  private static final int SIDE = 32;
  private static final int PATCH = 8;
  private static final int GRID = SIDE / PATCH;
  private static final int WIDTH = 48;
  private static final int DEPTH = 2;
  private static final int EPOCHS = 15;
  private static final int BATCH = 50;

  @TempDir Path folder;

  @Test
  void aClassifierOfTheSameLayersLearnsAndIsRestoredFromItsFile() throws Exception {
    LabelledPatches train = LabelledPatches.ofDemo(folder.resolve("train"), 11, 600, SIDE, PATCH);
    LabelledPatches test = LabelledPatches.ofDemo(folder.resolve("test"), 12, 300, SIDE, PATCH);
    ComputationGraph classifier = new ComputationGraph(classifier(train.classes()));
    classifier.init();
    double before = accuracy(classifier, test);

    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (LabelledPatches batch : train.batches(BATCH)) {
        classifier.fit(new INDArray[] {batch.patches()}, new INDArray[] {batch.oneHot()});
      }
    }

    double after = accuracy(classifier, test);
    System.err.printf("supervised ViT: %.3f before, %.3f after%n", before, after);
    // Ten classes: chance is 0.1, one standard error of 300 pictures at most 0.029.
    assertThat(before).isLessThan(0.2);
    assertThat(after).isGreaterThan(0.3);

    File file = folder.resolve("vit.zip").toFile();
    ModelSerializer.writeModel(classifier, file, /* saveUpdater= */ true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file);
    INDArray expected = classifier.outputSingle(test.patches());
    assertThat(restored.outputSingle(test.patches())).isEqualTo(expected);
    assertThat(restored.getConfiguration()).isEqualTo(classifier.getConfiguration());
  }

  private static ComputationGraphConfiguration classifier(int classes) {
    IUpdater adam = new Adam(2e-3);
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .dataType(DataType.FLOAT)
            .updater(adam) // of the output layer; ours have theirs below
            .trainingWorkspaceMode(WorkspaceMode.NONE) // our layers keep their own buffers
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder()
            .addInputs("patches");
    graph.addLayer(
        "positions",
        new PositionTableLayer(Positions.LEARNED, GRID, WIDTH).withUpdater(adam),
        "patches");
    graph.addLayer(
        "embedding", new LinearLayer(PATCH * PATCH * 3, WIDTH).withUpdater(adam), "patches");
    graph.addVertex("tokens", new SplitVertex(), "embedding", "positions");
    String last = "tokens";
    for (int i = 0; i < DEPTH; i++) {
      graph.addLayer(
          "block." + i, new TransformerBlockLayer(WIDTH, 3, 4 * WIDTH).withUpdater(adam), last);
      last = "block." + i;
    }
    graph.addLayer("norm", new LayerNormLayer(WIDTH).withUpdater(adam), last);
    graph.addLayer(
        "mean",
        new GlobalPoolingLayer.Builder(PoolingType.AVG).poolingDimensions(1).build(),
        "norm");
    graph.addLayer(
        "classes",
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nIn(WIDTH)
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .build(),
        "mean");
    return graph.setOutputs("classes").build();
  }

  private static double accuracy(ComputationGraph classifier, LabelledPatches test) {
    int[] predicted = classifier.outputSingle(test.patches()).argMax(1).toIntVector();
    List<Integer> labels = test.labels();
    int right = 0;
    for (int i = 0; i < predicted.length; i++) {
      right += predicted[i] == labels.get(i) ? 1 : 0;
    }
    return (double) right / predicted.length;
  }
}
