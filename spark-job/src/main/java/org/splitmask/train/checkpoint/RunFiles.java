/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.tensors.SafeTensors;

/**
 * The folder of a run, on any Hadoop filesystem. Files are written aside and renamed, or on an
 * object store put in one request; after a kill at any point there is the old one or the new one. A
 * file that is added to may end in a part of what was added last.
 */
public final class RunFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

  /** No file of a run but for its checkpoints comes near it. */
  private static final int LONGEST_FILE = 256 << 20;

  private static final int MOST_READINGS = 5;

  private final FileSystem files;
  private final Path root;
  private final FileReplacement replacement;

  public RunFiles(String run, Configuration hadoop) {
    try {
      this.root = new Path(run);
      this.files = root.getFileSystem(hadoop);
      this.replacement = new FileReplacement(files);
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
    return files.exists(replacement.present(path(name)));
  }

  /** Replaces a file; a reader sees the old one or the new one. */
  public void replace(String name, Writer writer) throws IOException {
    Path target = path(name);
    if (replacement.isWholeWhenClosed(target)) {
      write(target, writer);
      return;
    }
    Path aside = FileReplacement.aside(target);
    write(aside, writer);
    replacement.move(aside, target);
  }

  /** Replaces a text file, UTF-8. */
  public void replace(String name, String text) throws IOException {
    replace(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Adds to the end of a file; where there is none, begins one. A kill may leave a part of what was
   * added. Where the filesystem cannot add to a file (object stores), the whole of it is replaced.
   */
  public void append(String name, byte[] bytes) throws IOException {
    Path path = path(name);
    if (files instanceof LocalFileSystem local) {
      files.mkdirs(path.getParent());
      // Without the file of checksums, to which Hadoop cannot add.
      Files.deleteIfExists(local.pathToFile(local.getChecksumFile(path)).toPath());
      appendLocally(local.pathToFile(path).toPath(), bytes);
    } else if (!exists(name)) {
      write(path, out -> out.write(bytes));
    } else if (files.hasPathCapability(path, CommonPathCapabilities.FS_APPEND)) {
      appendOrReplace(name, bytes);
    } else {
      replaceByLonger(name, Long.MAX_VALUE, bytes);
    }
  }

  /** What a full disk took of the bytes is dropped, so that the next try does not follow a part. */
  private static void appendLocally(java.nio.file.Path file, byte[] bytes) throws IOException {
    long length = Files.exists(file) ? Files.size(file) : 0;
    try {
      Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      if (Files.exists(file)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(length);
        } catch (IOException another) {
          e.addSuppressed(another);
        }
      }
      throw e;
    }
  }

  /**
   * HDFS refuses to add to an erasure-coded file, and to one whose writer was just killed. In a
   * small cluster it fails in mid-writing when a data node is slow: there is none to take its
   * place.
   */
  private void appendOrReplace(String name, byte[] bytes) throws IOException {
    Path path = replacement.present(path(name));
    long length = files.getFileStatus(path).getLen();
    try (OutputStream out = files.append(path)) {
      out.write(bytes);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("{} is replaced, since nothing could be added to it", path, e);
      replaceByLonger(name, length, bytes);
    }
  }

  /**
   * Replaces a file.
   *
   * @param length of what stays of it; what a failed writer added behind is dropped
   */
  private void replaceByLonger(String name, long length, byte[] bytes) throws IOException {
    byte[] before = bytes(name);
    replace(
        name,
        out -> {
          out.write(before, 0, (int) Math.min(length, before.length));
          out.write(bytes);
        });
  }

  /** A text file. */
  public String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private byte[] bytes(String name) throws IOException {
    for (int again = 1; ; again++) {
      try {
        return read(name);
      } catch (ChecksumException e) {
        // On a local disk, content and checksums are two files. It may be replaced in between.
        if (again == MOST_READINGS) {
          throw e;
        }
      }
    }
  }

  private byte[] read(String name) throws IOException {
    try (FSDataInputStream in = files.open(replacement.present(path(name)))) {
      // The length that the filesystem tells may be that of a file which has replaced this one.
      byte[] bytes = in.readNBytes(LONGEST_FILE + 1);
      Check.data(
          bytes.length <= LONGEST_FILE,
          "%s has more than %d bytes; no such file of a run is so long",
          path(name),
          LONGEST_FILE);
      return bytes;
    } catch (FileNotFoundException e) {
      if (exists(name)) {
        throw e; // which a local disk says of a file that it cannot open, too
      }
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
    Path present = replacement.present(path);
    try (FSDataInputStream in = files.open(present)) {
      return SafeTensors.read(in, path.toString(), files.getFileStatus(present).getLen());
    }
  }

  Written write(Path path, Writer writer) throws IOException {
    MessageDigest digest = sha256();
    try (FSDataOutputStream out = files.create(path, true)) {
      try {
        writer.write(new DigestOutputStream(out, digest));
      } catch (IOException | RuntimeException | Error e) {
        if (out.hasCapability(CommonPathCapabilities.ABORTABLE_STREAM)) {
          out.abort(); // else closing it would put a part in the place of the whole
        }
        throw e;
      }
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
