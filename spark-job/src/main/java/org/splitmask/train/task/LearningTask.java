/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.task;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.model.GraphParameters;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.tensors.SafeTensors;

/**
 * What is learned. Workers get it once, by Java serialisation; everything that trains, averages,
 * reports or keeps a run knows a task by this interface alone.
 *
 * @param <B> its mini-batches
 */
public interface LearningTask<B extends MiniBatch> extends Serializable {
  /** The network as DL4J describes it. */
  ComputationGraphConfiguration graph();

  /** Where each tensor lies in the flat vector, and how it starts; builds no network. */
  default ParameterManifest layout() {
    return GraphParameters.layout(graph());
  }

  /** A network with gradients, in this machine's memory; who asks for it closes it. */
  GradientNetwork<B> network();

  /** Makes mini-batches, for one thread; who asks for it closes it. */
  MiniBatchAssembler<B> assembler();

  /** Those of a step's named figures that are losses, the most telling first. */
  List<String> losses();

  /** The other figures of which a run reports the last. */
  List<String> lastFigures();

  /**
   * What a step holds outside of the heap on the processors of this machine, in bytes: buffers,
   * parameters and gradients.
   *
   * @param images of the largest mini-batch
   */
  long stepBytes(int images);

  /** What a run has to keep to go on with this task, by file name. */
  Map<String, SafeTensors> kept();
}
