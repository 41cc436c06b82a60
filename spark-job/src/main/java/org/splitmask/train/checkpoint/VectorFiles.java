/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Check;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.state.VectorStore.Vector;
import org.splitmask.train.tensors.SafeTensorsHeader;
import org.splitmask.train.tensors.SafeTensorsHeader.Description;

/**
 * The vectors of a checkpoint as safetensors files, a tensor for each of the layout's: written and
 * read a segment at a time, so that no vector has to fit into the heap.
 */
final class VectorFiles {
  private static final int COPY = 1 << 20;

  private final RunFiles run;
  private final ParameterManifest layout;

  VectorFiles(RunFiles run, ParameterManifest layout) {
    this.run = run;
    this.layout = layout;
  }

  /** The file of a vector in a checkpoint's folder. */
  static String name(Vector vector) {
    return vector.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".safetensors";
  }

  /** Writes a vector into a checkpoint's folder. */
  RunFiles.Written write(VectorStore vectors, Vector vector, Path folder) throws IOException {
    SafeTensorsHeader.Builder header = new SafeTensorsHeader.Builder(Map.of("format", "splitmask"));
    for (ParameterManifest.Entry entry : layout.entries()) {
      header.add(entry.name(), SafeTensorsHeader.Type.F32, entry.shape());
    }
    return run.write(
        new Path(folder, name(vector)),
        out -> {
          header.build().write(out);
          for (int s = 0; s < vectors.segments().count(); s++) {
            writeAll(vectors.read(vector, s), out);
          }
        });
  }

  private static void writeAll(float[] values, OutputStream out) throws IOException {
    byte[] chunk = new byte[COPY];
    ByteBuffer bytes = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    int most = COPY / Float.BYTES;
    for (int from = 0; from < values.length; from += most) {
      int count = Math.min(most, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(chunk, 0, count * Float.BYTES);
    }
  }

  /**
   * Reads a vector out of a checkpoint's folder.
   *
   * @param sha256 that the file must have
   */
  void read(VectorStore into, Vector vector, Path folder, String sha256) throws IOException {
    Path path = new Path(folder, name(vector));
    readChecked(
        path,
        sha256,
        in -> {
          for (int s = 0; s < into.segments().count(); s++) {
            into.write(vector, s, readFloats(in, into.segments().length(s), path));
          }
        });
  }

  /** Reads a vector as a whole. */
  float[] read(Vector vector, Path folder, String sha256) throws IOException {
    float[] whole = new float[layout.length()];
    Path path = new Path(folder, name(vector));
    readChecked(
        path,
        sha256,
        in -> {
          int most = COPY / Float.BYTES;
          for (int from = 0; from < whole.length; from += most) {
            int count = Math.min(most, whole.length - from);
            System.arraycopy(readFloats(in, count, path), 0, whole, from, count);
          }
        });
    return whole;
  }

  /** Reads the data of a file, which must have the layout's tensors and that checksum. */
  private void readChecked(Path path, String sha256, Data data) throws IOException {
    long bytes = run.fileSystem().getFileStatus(path).getLen();
    MessageDigest digest = RunFiles.sha256();
    try (InputStream file = new BufferedInputStream(run.fileSystem().open(path), COPY);
        InputStream in = new DigestInputStream(file, digest)) {
      checkLayout(SafeTensorsHeader.read(in, path.toString(), bytes), path);
      data.read(in);
      byte[] rest = new byte[COPY];
      while (in.read(rest) >= 0) {
        // The digest sees what is read.
      }
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    Check.data(
        actual.equals(sha256),
        "%s is damaged: its SHA-256 is %s, the manifest says %s",
        path,
        actual,
        sha256);
  }

  private void checkLayout(SafeTensorsHeader header, Path path) {
    List<Description> tensors = header.tensors();
    Check.data(
        tensors.size() == layout.entries().size(),
        "%s has %d tensors, the network has %d",
        path,
        tensors.size(),
        layout.entries().size());
    for (int i = 0; i < tensors.size(); i++) {
      ParameterManifest.Entry entry = layout.entries().get(i);
      Description tensor = tensors.get(i);
      Check.data(
          tensor.name().equals(entry.name())
              && tensor.type() == SafeTensorsHeader.Type.F32
              && Arrays.equals(tensor.shape(), entry.shape()),
          "%s: tensor %s has shape %s, the network's %s has %s",
          path,
          tensor.name(),
          Arrays.toString(tensor.shape()),
          entry.name(),
          Arrays.toString(entry.shape()));
    }
  }

  private static float[] readFloats(InputStream in, int count, Path path) throws IOException {
    byte[] bytes = in.readNBytes(count * Float.BYTES);
    Check.data(bytes.length == count * Float.BYTES, "%s ends inside of its data", path);
    float[] values = new float[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  /** Takes the data that follow a header. */
  private interface Data {
    void read(InputStream in) throws IOException;
  }
}
