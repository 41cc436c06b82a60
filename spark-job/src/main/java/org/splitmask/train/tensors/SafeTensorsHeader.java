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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * What a safetensors file says of itself before its data. For those who read or write the data a
 * piece at a time, because it is too large for the heap.
 *
 * @param metadata free text by key
 * @param tensors in the order of their data, which has no gaps
 */
public record SafeTensorsHeader(Map<String, String> metadata, List<Description> tensors) {
  /** The format's own bound on its header. */
  private static final long LONGEST = 100_000_000;

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
   * @param from its first byte in the data
   * @param to behind its last byte
   */
  // The sides of a shape, as everywhere in ND4J.
  @SuppressWarnings("ArrayRecordComponent")
  public record Description(String name, Type type, long[] shape, long from, long to) {}

  public SafeTensorsHeader {
    tensors = List.copyOf(tensors);
  }

  /** Describes tensors whose data follow one another. */
  public static final class Builder {
    private final Map<String, String> metadata;
    private final List<Description> tensors = new ArrayList<>();
    private long end;

    public Builder(Map<String, String> metadata) {
      this.metadata = metadata;
    }

    /** Adds a tensor behind the others. */
    public Builder add(String name, Type type, long... shape) {
      long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      long to = end + elements * type.bytes;
      tensors.add(new Description(name, type, shape, end, to));
      end = to;
      return this;
    }

    public SafeTensorsHeader build() {
      return new SafeTensorsHeader(metadata, tensors);
    }
  }

  /** Writes it; the data has to follow. The stream stays open. */
  public void write(OutputStream out) throws IOException {
    ObjectNode header = new ObjectMapper().createObjectNode();
    ObjectNode meta = header.putObject("__metadata__");
    metadata.forEach(meta::put);
    for (Description tensor : tensors) {
      ObjectNode description = header.putObject(tensor.name());
      description.put("dtype", tensor.type().name());
      for (long side : tensor.shape()) {
        description.withArray("shape").add(side);
      }
      description.withArray("data_offsets").add(tensor.from()).add(tensor.to());
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    // The data starts at a multiple of 8, as the format recommends; spaces fill the header.
    byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(padded.length).array());
    out.write(padded);
  }

  /**
   * Reads it; the stream is then at the data.
   *
   * @param name for messages
   * @param bytes the file's length, a bound on everything that the header claims
   */
  public static SafeTensorsHeader read(InputStream stream, String name, long bytes)
      throws IOException {
    DataInputStream in = new DataInputStream(stream);
    Check.data(bytes >= 8, "%s is not a safetensors file: %d bytes", name, bytes);
    long length = Long.reverseBytes(in.readLong());
    Check.data(
        length > 0 && length <= Math.min(LONGEST, bytes - 8),
        "%s is not a safetensors file: its header claims %d bytes of %d",
        name,
        length,
        bytes);
    ObjectNode header = parse(in.readNBytes((int) length), name);
    Map<String, String> metadata = new LinkedHashMap<>();
    header
        .path("__metadata__")
        .fields()
        .forEachRemaining(field -> metadata.put(field.getKey(), field.getValue().asText()));
    header.remove("__metadata__");
    List<Description> tensors = new ArrayList<>();
    long expected = 0;
    for (var fields = header.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      Description tensor = description(field.getKey(), field.getValue(), name);
      Check.data(
          tensor.from() == expected && tensor.to() <= bytes - 8 - length,
          "%s: tensor %s lies at [%d, %d), expected to start at %d and to end within %d bytes",
          name,
          tensor.name(),
          tensor.from(),
          tensor.to(),
          expected,
          bytes - 8 - length);
      tensors.add(tensor);
      expected = tensor.to();
    }
    return new SafeTensorsHeader(metadata, tensors);
  }

  private static ObjectNode parse(byte[] text, String name) throws IOException {
    try {
      if (new ObjectMapper().readTree(text) instanceof ObjectNode header) {
        return header;
      }
    } catch (JsonProcessingException e) {
      // Told below, with the file's name.
    }
    throw Check.failure(
        Blame.DATA, "%s is not a safetensors file: its header is not a JSON object", name);
  }

  private static Description description(String tensor, JsonNode node, String file) {
    String where = file + ": " + tensor;
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
    return new Description(tensor, type, shape, from, to);
  }
}
