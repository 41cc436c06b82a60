/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme {@code steps:}, whose rename does not replace. The process that
 * uses it can be killed before or after every single call, and files can fail to open.
 */
public class StepsOnlyFileSystem extends RawLocalFileSystem {
  private static int pointsLeft = Integer.MAX_VALUE;
  private static String unreadable = "";
  private static int otherChecksums;
  private static int openings;

  /** What a kill looks like to the code that it hits. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.steps.impl", StepsOnlyFileSystem.class.getName());
    return hadoop;
  }

  /** Does so much; whether it was killed at that point. */
  static boolean killedAt(int point, Work work) throws IOException {
    pointsLeft = point;
    try {
      work.run();
      return false;
    } catch (Killed e) {
      return true;
    } finally {
      pointsLeft = Integer.MAX_VALUE;
    }
  }

  /** Files with this in their path cannot be opened from now on; none, for the empty word. */
  static void setUnreadable(String part) {
    unreadable = part;
  }

  /** So many of the next openings find the checksums of another file. */
  static void setOtherChecksums(int openings) {
    otherChecksums = openings;
  }

  /** How many files are opened by some work. */
  static int openingsOf(Work work) throws IOException {
    openings = 0;
    work.run();
    return openings;
  }

  /** What is done with files. */
  interface Work {
    void run() throws IOException;
  }

  static void point() {
    if (pointsLeft <= 0 || --pointsLeft == 0) {
      throw new Killed();
    }
  }

  @Override
  public String getScheme() {
    return "steps";
  }

  @Override
  public URI getUri() {
    return URI.create("steps:///");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    openings++;
    if (!unreadable.isEmpty() && path.toString().contains(unreadable)) {
      throw new IOException("connection reset by peer");
    }
    if (otherChecksums > 0) {
      otherChecksums--;
      throw new ChecksumException(path + " has other checksums", 0);
    }
    return super.open(path, bufferSize);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    point();
    FSDataOutputStream out =
        super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    point();
    return out;
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    point();
    boolean isDone = !exists(to) && super.rename(from, to);
    point();
    return isDone;
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    point();
    boolean isDone = super.delete(path, recursive);
    point();
    return isDone;
  }

  /** Nothing; Hadoop would start a program for each file. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    point();
    return super.getFileStatus(path);
  }
}
