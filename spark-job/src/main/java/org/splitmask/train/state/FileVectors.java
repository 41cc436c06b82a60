/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/**
 * Vectors in a scratch file, one behind the other, which is deleted on closing. Read and written,
 * not mapped: pages of a mapped file would count as this process's memory.
 */
final class FileVectors implements VectorStore {
  private final Segments segments;
  private final Path folder;
  private final FileChannel file;
  private final Map<Vector, Part> parts = new EnumMap<>(Vector.class);

  FileVectors(Segments segments, Path folder) {
    this.segments = segments;
    this.folder = folder;
    for (Vector vector : Vector.values()) {
      parts.put(vector, new Part(parts.size() * (long) segments.length(), new BitSet()));
    }
    try {
      Path path = Files.createTempFile(folder, "splitmask-vectors", ".tmp");
      this.file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw failure("make a scratch file in", e);
    }
  }

  @Override
  public Segments segments() {
    return segments;
  }

  @Override
  public float[] read(Vector vector, int segment) {
    float[] values = new float[segments.length(segment)];
    if (!part(vector).written.get(segment)) {
      return values;
    }
    ByteBuffer bytes = bytes(values.length);
    try {
      long at = at(vector, segment);
      while (bytes.hasRemaining()) {
        if (file.read(bytes, at + bytes.position()) < 0) {
          throw new IOException("the scratch file ends at " + file.size() + " bytes");
        }
      }
    } catch (IOException e) {
      throw failure("read a scratch file in", e);
    }
    bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  @Override
  public void write(Vector vector, int segment, float[] values) {
    segments.checkLength(segment, values.length);
    ByteBuffer bytes = bytes(values.length);
    bytes.asFloatBuffer().put(values);
    try {
      long at = at(vector, segment);
      while (bytes.hasRemaining()) {
        file.write(bytes, at + bytes.position());
      }
    } catch (IOException e) {
      throw failure("write a scratch file in", e);
    }
    part(vector).written.set(segment);
  }

  private Part part(Vector vector) {
    return Check.present(parts.get(vector), "no %s", vector);
  }

  private long at(Vector vector, int segment) {
    return Float.BYTES * (part(vector).from + segments.from(segment));
  }

  /** On the heap: a direct buffer would live until the garbage collector finds it. */
  private static ByteBuffer bytes(int values) {
    return ByteBuffer.allocate(Float.BYTES * values).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public VectorStore another() {
    return new FileVectors(segments, folder);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failure("close a scratch file in", e);
    }
  }

  private RuntimeException failure(String what, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new IllegalStateException("interrupted at a scratch file in " + folder, cause);
    }
    return new SplitMaskException(
        Blame.CLUSTER,
        "cannot "
            + what
            + " "
            + folder
            + " ("
            + cause.getMessage()
            + "); a model that is large for the driver's heap needs 32 bytes a parameter there. Give"
            + " room, another spark.local.dir, or more spark.driver.memory",
        cause);
  }

  /**
   * A vector's part of the file.
   *
   * @param from its first element's place among all
   * @param written which segments are there
   */
  private record Part(long from, BitSet written) {}
}
