/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.classifier;

import static org.splitmask.train.model.EncoderGraph.EMBEDDING;
import static org.splitmask.train.model.EncoderGraph.ENCODED;
import static org.splitmask.train.model.EncoderGraph.PATCHES;
import static org.splitmask.train.model.EncoderGraph.POSITIONS;
import static org.splitmask.train.model.EncoderGraph.SPLIT;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.model.EncoderGraph;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.SplitVertex;
import org.splitmask.train.task.GradientNetwork;
import org.splitmask.train.task.LearningTask;
import org.splitmask.train.tensors.SafeTensors;

/** Supervised classification: a second learning task, to prove that there can be one. */
public record ClassifierTask(NetworkShape shape, AugmentedCrops crops, List<String> classes)
    implements LearningTask<ClassifierBatch> {
  public static final String ACCURACY = "accuracy";
  public static final String CLASSES_FILE = "classes.safetensors";

  @Override
  public ComputationGraphConfiguration graph() {
    EncoderGraph graph = new EncoderGraph(shape, DataType.FLOAT, 0);
    graph.builder().addInputs(PATCHES);
    graph.addEmbedding();
    graph.builder().addVertex(SPLIT, new SplitVertex(), EMBEDDING, POSITIONS);
    graph.addEncoder(SPLIT);
    ClassifierLayer head = new ClassifierLayer(shape.width(), classes.size());
    graph.builder().addLayer("classifier", head, ENCODED);
    return graph.builder().setOutputs("classifier").build();
  }

  @Override
  public GradientNetwork<ClassifierBatch> network() {
    return new ClassifierNetwork(this);
  }

  @Override
  public MiniBatchAssembler<ClassifierBatch> assembler() {
    return new ClassifierAssembler(crops, classes);
  }

  @Override
  public List<String> losses() {
    return List.of();
  }

  @Override
  public List<String> lastFigures() {
    return List.of(ACCURACY);
  }

  @Override
  public long stepBytes(int images) {
    return 8L * layout().length();
  }

  @Override
  public Map<String, SafeTensors> kept() {
    Map<String, String> names = Map.of("classes", String.join("\n", classes));
    return Map.of(CLASSES_FILE, new SafeTensors(names, Map.of()));
  }

  public static List<String> classes(SafeTensors kept) {
    return kept.metadata().getOrDefault("classes", "").lines().toList();
  }
}
