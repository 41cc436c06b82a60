/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.parameter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
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
   * @param spec its shape, how it starts and whether it is decayed
   * @param rateLevel how many times the layer decay is a factor of its learning rate; 0 for the
   *     full rate
   */
  public record Entry(String name, int offset, ParameterSpec spec, int rateLevel) {
    /** The number of elements. */
    public int length() {
      return Math.toIntExact(spec.length());
    }

    /** Row-major. */
    public long[] shape() {
      return spec.shape();
    }
  }

  public ParameterManifest {
    entries = List.copyOf(entries);
  }

  /** Lays tensors out one after the other. */
  public static final class Builder {
    /** Four bytes each, in a Java array. */
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

    private final List<Entry> entries = new ArrayList<>();
    private long length;

    /** Adds the tensors of a layer, in the order of their specifications. */
    public void add(String layer, List<ParameterSpec> specs, int rateLevel) {
      for (ParameterSpec spec : specs) {
        int offset = Math.toIntExact(length);
        entries.add(new Entry(layer + "." + spec.name(), offset, spec, rateLevel));
        Check.that(
            spec.length() <= MOST_ELEMENTS,
            "tensor %s.%s has %d elements, more than the %d that a checkpoint's file can have; lower"
                + " vocabulary or width",
            layer,
            spec.name(),
            spec.length(),
            MOST_ELEMENTS);
        length += spec.length();
        Check.that(
            length <= Integer.MAX_VALUE,
            "the network has more than %d parameters; lower width or depth",
            Integer.MAX_VALUE);
      }
    }

    /** The layout of what was added. */
    public ParameterManifest build() {
      return new ParameterManifest(entries);
    }
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
