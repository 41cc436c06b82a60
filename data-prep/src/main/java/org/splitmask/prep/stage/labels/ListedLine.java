/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.Split;

/**
 * What a line of a label file says of a picture.
 *
 * @param number of the line, from 1 on
 * @param path as {@link ListedPath#of} writes it
 * @param uri the path as the file has it, where that is a local URI
 * @param split none where the cell is empty
 * @param group none where there is no such column, or the cell is empty
 */
public record ListedLine(
    int number,
    String path,
    @Nullable String uri,
    @Nullable String label,
    @Nullable Split split,
    @Nullable String group)
    implements Serializable {
  private static final int NOTHING = -1;

  /** The same line with a split. */
  public ListedLine in(Split other) {
    return new ListedLine(number, path, uri, label, other, group);
  }

  /** Whether another line says the same, whatever its path is. */
  boolean agrees(ListedLine other) {
    return Objects.equals(label, other.label)
        && split == other.split
        && Objects.equals(group, other.group);
  }

  /** The line as bytes: Spark sends those many times faster than records. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + path.length());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(number);
      write(out, path);
      write(out, uri);
      write(out, label);
      write(out, split == null ? null : split.word());
      write(out, group);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not into memory
    }
    return bytes.toByteArray();
  }

  /** The line that {@link #toBytes} wrote. */
  public static ListedLine ofBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int number = in.readInt();
      String path = Objects.requireNonNull(read(in));
      String uri = read(in);
      String label = read(in);
      String split = read(in);
      return new ListedLine(
          number, path, uri, label, split == null ? null : Split.of(split).orElseThrow(), read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(NOTHING);
      return;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static @Nullable String read(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length == NOTHING ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
