/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.tensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * Tensors in the safetensors format (huggingface/safetensors): an 8-byte length, a JSON header, raw
 * little-endian data. Read with bounds on everything; there is nothing in it that could execute.
 *
 * @param metadata free text by key
 * @param tensors by name, in file order
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
  /** The format's own bound on its header. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final int COPY = 1 << 20;

  /** The element types that we use. */
  public enum Type {
    F32(4),
    I32(4),
    U8(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * One tensor.
   *
   * @param shape row-major
   * @param data little-endian, positioned at its first byte
   */
  public record Tensor(Type type, long[] shape, ByteBuffer data) {
    public static Tensor of(float[] values, long... shape) {
      ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      data.asFloatBuffer().put(values);
      return new Tensor(Type.F32, shape, data);
    }

    public float[] floats() {
      Check.data(type == Type.F32, "expected F32 values, found %s", type);
      FloatBuffer buffer = little().asFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }

    public int[] ints() {
      Check.data(type == Type.I32, "expected I32 values, found %s", type);
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
    ObjectNode header = new ObjectMapper().createObjectNode();
    ObjectNode meta = header.putObject("__metadata__");
    metadata.forEach(meta::put);
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ObjectNode description = header.putObject(entry.getKey());
      description.put("dtype", entry.getValue().type().name());
      for (long side : entry.getValue().shape()) {
        description.withArray("shape").add(side);
      }
      long end = offset + entry.getValue().data().remaining();
      description.withArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    // The data starts at a multiple of 8, as the format recommends; spaces fill the header.
    byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(padded.length).array());
    out.write(padded);
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
    DataInputStream in = new DataInputStream(stream);
    Check.data(bytes >= 8, "%s is not a safetensors file: %d bytes", name, bytes);
    long length = Long.reverseBytes(in.readLong());
    Check.data(
        length > 0 && length <= Math.min(LONGEST_HEADER, bytes - 8),
        "%s is not a safetensors file: its header claims %d bytes of %d",
        name,
        length,
        bytes);
    byte[] text = in.readNBytes((int) length);
    ObjectNode header = parse(text, name);
    Map<String, String> metadata = new LinkedHashMap<>();
    header
        .path("__metadata__")
        .fields()
        .forEachRemaining(field -> metadata.put(field.getKey(), field.getValue().asText()));
    header.remove("__metadata__");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long expected = 0;
    for (var fields = header.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      Description description = Description.of(field.getValue(), name + ": " + field.getKey());
      Check.data(
          description.from == expected && description.to <= bytes - 8 - length,
          "%s: tensor %s lies at [%d, %d), expected to start at %d and to end within %d bytes",
          name,
          field.getKey(),
          description.from,
          description.to,
          expected,
          bytes - 8 - length);
      byte[] data = in.readNBytes((int) (description.to - description.from));
      Check.data(
          data.length == description.to - description.from,
          "%s ends inside tensor %s",
          name,
          field.getKey());
      tensors.put(
          field.getKey(), new Tensor(description.type, description.shape, ByteBuffer.wrap(data)));
      expected = description.to;
    }
    return new SafeTensors(metadata, tensors);
  }

  private static ObjectNode parse(byte[] text, String name) throws IOException {
    try {
      if (new ObjectMapper().readTree(text) instanceof ObjectNode header) {
        return header;
      }
    } catch (JsonProcessingException e) {
      // Told below, with the file's name.
    }
    Check.data(false, "%s is not a safetensors file: its header is not a JSON object", name);
    throw new IOException(name);
  }

  private record Description(Type type, long[] shape, long from, long to) {
    static Description of(JsonNode node, String where) {
      String dtype = node.path("dtype").asText();
      Check.data(
          Arrays.stream(Type.values()).anyMatch(type -> type.name().equals(dtype)),
          "%s has the unsupported type %s; expected one of %s",
          where,
          dtype,
          Arrays.toString(Type.values()));
      Type type = Type.valueOf(dtype);
      long[] shape = new long[node.path("shape").size()];
      long elements = 1;
      for (int i = 0; i < shape.length; i++) {
        shape[i] = node.path("shape").get(i).asLong(-1);
        Check.data(
            shape[i] >= 0 && shape[i] <= Integer.MAX_VALUE, "%s has a side %d", where, shape[i]);
        elements = Math.min(elements * shape[i], Integer.MAX_VALUE + 1L);
      }
      long from = node.path("data_offsets").path(0).asLong(-1);
      long to = node.path("data_offsets").path(1).asLong(-1);
      Check.data(
          from >= 0 && to - from == elements * type.bytes && to - from <= Integer.MAX_VALUE,
          "%s claims %d elements of %s in [%d, %d)",
          where,
          elements,
          type,
          from,
          to);
      return new Description(type, shape, from, to);
    }
  }
}
