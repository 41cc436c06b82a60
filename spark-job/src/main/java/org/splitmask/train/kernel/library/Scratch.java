/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Named native buffers that are allocated once and used again each step. They grow when a longer
 * array is asked for; mini-batches that differ by an image share one buffer. Not thread-safe. Who
 * makes one closes it; afterwards no array that came out of it may be used.
 */
public final class Scratch implements AutoCloseable {
  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private final Map<String, Slot> slots = new HashMap<>();

  /** The calling thread's own, for what lives no longer than one kernel. */
  public static Scratch ofThread() {
    return OF_THREAD.get();
  }

  /** The buffer of that name in that shape, row-major; its content is whatever was left there. */
  public INDArray array(String name, DataType type, long... shape) {
    Slot slot = slots.get(name);
    if (slot != null && slot.type == type && Arrays.equals(slot.view.shape(), shape)) {
      return slot.view;
    }
    long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    INDArray flat;
    if (slot != null && slot.type == type && slot.flat.length() >= length) {
      flat = slot.flat;
    } else {
      if (slot != null) {
        slot.flat.close();
      }
      flat = Nd4j.createUninitializedDetached(type, length);
    }
    INDArray view = flat.get(NDArrayIndex.interval(0, length)).reshape('c', shape);
    slots.put(name, new Slot(type, flat, view));
    return view;
  }

  /** What all buffers hold. */
  public long bytes() {
    return slots.values().stream().mapToLong(s -> s.flat.length() * s.type.width()).sum();
  }

  /** Closes all buffers; what is asked for afterwards is allocated anew. */
  @Override
  public void close() {
    slots.values().forEach(slot -> slot.flat.close());
    slots.clear();
  }

  private record Slot(DataType type, INDArray flat, INDArray view) {}
}
