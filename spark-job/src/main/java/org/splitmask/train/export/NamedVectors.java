/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.export;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.splitmask.common.failure.Check;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.tensors.SafeTensors;

/** A flat parameter vector as named tensors, and back. */
public final class NamedVectors {
  private NamedVectors() {}

  /** The tensors of the vector by name. */
  public static SafeTensors toTensors(float[] vector, ParameterManifest layout) {
    Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
    for (ParameterManifest.Entry entry : layout.entries()) {
      float[] values = Arrays.copyOfRange(vector, entry.offset(), entry.offset() + entry.length());
      tensors.put(entry.name(), SafeTensors.Tensor.of(values, entry.shape()));
    }
    return new SafeTensors(Map.of("format", "splitmask"), tensors);
  }

  /** The vector of the layout's tensors; tensors that the layout does not know are left out. */
  public static float[] toVector(SafeTensors tensors, ParameterManifest layout) {
    float[] vector = new float[layout.length()];
    for (ParameterManifest.Entry entry : layout.entries()) {
      SafeTensors.Tensor tensor = tensors.tensor(entry.name());
      Check.data(
          Arrays.equals(tensor.shape(), entry.shape()),
          "tensor %s has shape %s, the network's is %s",
          entry.name(),
          Arrays.toString(tensor.shape()),
          Arrays.toString(entry.shape()));
      float[] values = tensor.floats();
      System.arraycopy(values, 0, vector, entry.offset(), values.length);
    }
    return vector;
  }
}
