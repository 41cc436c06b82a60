/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.tensors;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.tensors.SafeTensorsHeader.Description;

/**
 * Tensors in the safetensors format (huggingface/safetensors): an 8-byte length, a JSON header, raw
 * little-endian data. Read with bounds on everything; there is nothing in it that could execute.
 *
 * @param metadata free text by key
 * @param tensors by name, in file order
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
  private static final int COPY = 1 << 20;

  /**
   * One tensor.
   *
   * @param shape row-major
   * @param data little-endian, positioned at its first byte
   */
  public record Tensor(SafeTensorsHeader.Type type, long[] shape, ByteBuffer data) {
    public static Tensor of(float[] values, long... shape) {
      ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      data.asFloatBuffer().put(values);
      return new Tensor(SafeTensorsHeader.Type.F32, shape, data);
    }

    public float[] floats() {
      Check.data(type == SafeTensorsHeader.Type.F32, "expected F32 values, found %s", type);
      FloatBuffer buffer = little().asFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }

    public int[] ints() {
      Check.data(type == SafeTensorsHeader.Type.I32, "expected I32 values, found %s", type);
      int[] values = new int[data.remaining() / 4];
      little().asIntBuffer().get(values);
      return values;
    }

    public byte[] bytes() {
      byte[] values = new byte[data.remaining()];
      data.duplicate().get(values);
      return values;
    }

    private ByteBuffer little() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** The tensor of that name. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw Check.failure(Blame.DATA, "no tensor named %s; there are %s", name, tensors.keySet());
    }
    return tensor;
  }

  /** Writes the file; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    SafeTensorsHeader.Builder header = new SafeTensorsHeader.Builder(metadata);
    tensors.forEach((name, tensor) -> header.add(name, tensor.type(), tensor.shape()));
    header.build().write(out);
    for (Tensor tensor : tensors.values()) {
      writeAll(tensor.data().duplicate(), out);
    }
  }

  private static void writeAll(ByteBuffer data, OutputStream out) throws IOException {
    byte[] chunk = new byte[COPY];
    while (data.hasRemaining()) {
      int count = Math.min(chunk.length, data.remaining());
      data.get(chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }

  /**
   * Reads a file.
   *
   * @param name for messages
   * @param bytes the file's length, a bound on everything that its header claims
   */
  public static SafeTensors read(InputStream stream, String name, long bytes) throws IOException {
    SafeTensorsHeader header = SafeTensorsHeader.read(stream, name, bytes);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Description tensor : header.tensors()) {
      int length = (int) (tensor.to() - tensor.from());
      byte[] data = stream.readNBytes(length);
      Check.data(data.length == length, "%s ends inside tensor %s", name, tensor.name());
      tensors.put(tensor.name(), new Tensor(tensor.type(), tensor.shape(), ByteBuffer.wrap(data)));
    }
    return new SafeTensors(header.metadata(), tensors);
  }
}
