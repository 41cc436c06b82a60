/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import org.splitmask.train.tensors.SafeTensors;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/** The folder of a run, on any Hadoop filesystem. Files are written aside and renamed. */
public final class RunFiles {
  /** No text file of a run comes near it. */
  private static final long LONGEST_TEXT = 256L << 20;

  private final FileSystem files;
  private final Path root;

  public RunFiles(String run, Configuration hadoop) {
    try {
      this.root = new Path(run);
      this.files = root.getFileSystem(hadoop);
    } catch (IllegalArgumentException e) {
      throw new SplitMaskException(Blame.USER, "not a path: '" + run + "' (--output or --run)", e);
    } catch (IOException e) {
      throw new SplitMaskException(Blame.CLUSTER, "cannot reach the filesystem of " + run, e);
    }
  }

  /** Writes the content of a file. */
  public interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /** The SHA-256 and length of what was written. */
  record Written(String sha256, long bytes) {}

  public Path root() {
    return root;
  }

  FileSystem fileSystem() {
    return files;
  }

  /** A path in the run. */
  public Path path(String name) {
    return new Path(root, name);
  }

  public boolean exists(String name) throws IOException {
    return files.exists(path(name));
  }

  /** Replaces a file; a reader sees the old one or the new one. */
  public void replace(String name, Writer writer) throws IOException {
    Path aside = path("." + name + ".tmp");
    write(aside, writer);
    if (!files.rename(aside, path(name))) {
      // HDFS's rename does not replace.
      files.delete(path(name), false);
      if (!files.rename(aside, path(name))) {
        throw new IOException("cannot rename " + aside + " to " + path(name));
      }
    }
  }

  /** Replaces a text file, UTF-8. */
  public void replace(String name, String text) throws IOException {
    replace(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A text file. */
  public String text(String name) throws IOException {
    try (FSDataInputStream in = files.open(path(name))) {
      long length = files.getFileStatus(path(name)).getLen();
      Check.data(
          length <= LONGEST_TEXT,
          "%s has %d bytes, expected at most %d",
          name,
          length,
          LONGEST_TEXT);
      return new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw new SplitMaskException(
          Blame.USER, path(name) + " is missing: " + root + " is not a run of train", e);
    }
  }

  /** A JSON file. */
  public JsonNode json(String name) throws IOException {
    try {
      return new ObjectMapper().readTree(text(name));
    } catch (JsonProcessingException e) {
      throw new SplitMaskException(Blame.DATA, path(name) + " is not JSON", e);
    }
  }

  /** A safetensors file. */
  public SafeTensors tensors(Path path) throws IOException {
    try (FSDataInputStream in = files.open(path)) {
      return SafeTensors.read(in, path.toString(), files.getFileStatus(path).getLen());
    }
  }

  Written write(Path path, Writer writer) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream out = files.create(path, true);
        DigestOutputStream digesting = new DigestOutputStream(out, digest)) {
      writer.write(digesting);
    } catch (FSError e) {
      // So Hadoop calls what a local disk says, a full one for instance.
      throw new IOException("cannot write " + path + ": " + e.getMessage(), e);
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    return new Written(hash, files.getFileStatus(path).getLen());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new SplitMaskException(Blame.BUG, "every JDK has SHA-256", e);
    }
  }
}
