/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.splitmask.common.failure.Check;

/**
 * Where each tensor lies in a network's flat parameter vector. Kept in checkpoints, so that a
 * vector is never read with another layout.
 *
 * @param entries in the order of the vector, without gaps
 */
public record ParameterManifest(List<Entry> entries) {
  /**
   * One tensor.
   *
   * @param name the layer's name, a dot, the tensor's name in it
   * @param offset of its first element
   * @param shape row-major
   */
  public record Entry(String name, int offset, long[] shape, ParameterSpec.Decay decay) {
    /** The number of elements. */
    public int length() {
      long length = 1;
      for (long side : shape) {
        length *= side;
      }
      return Math.toIntExact(length);
    }
  }

  public ParameterManifest {
    entries = List.copyOf(entries);
  }

  static ParameterManifest of(ComputationGraph graph) {
    List<Entry> entries = new ArrayList<>();
    long offset = 0;
    // DL4J lays the flat vector out in topological order.
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[index];
      if (!vertex.hasLayer()) {
        continue;
      }
      VisionLayer layer = (VisionLayer) vertex.getLayer().conf().getLayer();
      for (ParameterSpec spec : layer.parameters()) {
        String name = vertex.getVertexName() + "." + spec.name();
        entries.add(new Entry(name, Math.toIntExact(offset), spec.shape(), spec.decay()));
        offset += spec.length();
      }
    }
    Check.invariant(
        offset == graph.numParams(),
        "the manifest covers %d of %d parameters",
        offset,
        graph.numParams());
    return new ParameterManifest(entries);
  }

  /** The number of parameters. */
  public int length() {
    Entry last = entries.get(entries.size() - 1);
    return last.offset() + last.length();
  }

  /**
   * This layout's tensors out of a vector in another layout that has them too, by name: an encoder
   * out of a whole network.
   */
  public float[] select(float[] vector, ParameterManifest layout) {
    Map<String, Entry> others =
        layout.entries().stream().collect(Collectors.toMap(Entry::name, Function.identity()));
    float[] selected = new float[length()];
    for (Entry entry : entries) {
      Entry other = Check.present(others.get(entry.name()), "no tensor %s", entry.name());
      System.arraycopy(vector, other.offset(), selected, entry.offset(), entry.length());
    }
    return selected;
  }
}
