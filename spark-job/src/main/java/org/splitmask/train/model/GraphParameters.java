/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.util.GraphIndices;
import org.splitmask.common.failure.Check;
import org.splitmask.train.parameter.ParameterManifest;

/** Where a graph's tensors lie in DL4J's flat vector, without building its layers. */
public final class GraphParameters {
  private GraphParameters() {}

  /** The layout of a graph of vision layers. */
  public static ParameterManifest layout(ComputationGraphConfiguration configuration) {
    ParameterManifest.Builder layout = new ParameterManifest.Builder();
    // DL4J lays the flat vector out in topological order. A graph that is not initialised has no
    // memory of its own.
    GraphIndices indices = new ComputationGraph(configuration).calculateIndices();
    for (int index : indices.getTopologicalSortOrder()) {
      String name =
          Check.present(indices.getIdxToName().get(index), "vertex %d has no name", index);
      GraphVertex vertex = configuration.getVertices().get(name); // inputs are no vertices
      if (vertex instanceof LayerVertex layer) {
        VisionLayer vision = (VisionLayer) layer.getLayerConf().getLayer();
        layout.add(name, vision.parameters(), vision.rateLevel());
      }
    }
    return layout.build();
  }
}
