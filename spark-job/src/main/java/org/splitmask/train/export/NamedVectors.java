/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.export;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.tensors.SafeTensors;

/** A flat parameter vector as named tensors. */
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
}
