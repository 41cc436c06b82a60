/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.dl4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.splitmask.train.task.LearningTask;

/**
 * The network on the driver, as DL4J's Spark API wants to see it: a description without parameters.
 * The driver computes nothing, and a large network's parameters would take gigabytes of it.
 */
final class DriverGraph extends ComputationGraph {
  private static final long serialVersionUID = 1L;

  DriverGraph(LearningTask<?> task) {
    super(task.graph());
    this.initCalled = true; // or SparkComputationGraph would allocate the parameters
  }

  /** There are no layers that would count epochs; the cursor of the run does. */
  @Override
  public void incrementEpochCount() {}
}
