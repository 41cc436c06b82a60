/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.torch.device.ComputeDevice;

/**
 * Takes what a mini-batch consists of to the device: all floats in one vector and all indices in
 * another. For each mini-batch first {@link #begin}, then one call of each of the others, then
 * {@link #arrive}; only after that may the tensors be used.
 */
public interface Uploads extends AutoCloseable {
  /** A mini-batch follows. */
  void begin();

  /** Arrays one after the other, float32 [total length]. */
  Tensor floats(float[]... parts);

  /** The same of indices, int64. */
  Tensor longs(long[]... parts);

  /** From here on the device may compute with what was taken there. */
  void arrive();

  /** The bytes that went to another device so far. */
  long bytes();

  @Override
  void close();

  /** For a device. */
  static Uploads to(ComputeDevice device) {
    return device.isCpu() ? new HostUploads() : new PinnedUploads(device);
  }

  /** The elements of all arrays together. */
  static long length(float[][] parts) {
    long length = 0;
    for (float[] part : parts) {
      length += part.length;
    }
    return length;
  }

  /** The elements of all arrays together. */
  static long length(long[][] parts) {
    long length = 0;
    for (long[] part : parts) {
      length += part.length;
    }
    return length;
  }

  /** A vector whose elements are not set. */
  static Tensor vector(long length, TensorOptions options) {
    return torch.empty(new long[] {length}, options, new MemoryFormatOptional());
  }

  /** Writes arrays one after the other into a vector of this machine's memory. */
  static void write(float[][] parts, Tensor vector) {
    FloatPointer to = new FloatPointer(vector.data_ptr());
    long next = 0;
    for (float[] part : parts) {
      to.position(next).put(part);
      next += part.length;
    }
  }

  /** Writes arrays one after the other into a vector of this machine's memory. */
  static void write(long[][] parts, Tensor vector) {
    LongPointer to = new LongPointer(vector.data_ptr());
    long next = 0;
    for (long[] part : parts) {
      to.position(next).put(part);
      next += part.length;
    }
  }

  /** Nothing has to travel: libtorch computes with this machine's memory. */
  final class HostUploads implements Uploads {
    @Override
    public void begin() {}

    @Override
    public Tensor floats(float[]... parts) {
      Tensor vector = vector(length(parts), new TensorOptions(ScalarType.Float));
      write(parts, vector);
      return vector;
    }

    @Override
    public Tensor longs(long[]... parts) {
      Tensor vector = vector(length(parts), new TensorOptions(ScalarType.Long));
      write(parts, vector);
      return vector;
    }

    @Override
    public void arrive() {}

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
