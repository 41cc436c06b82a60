/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.LineReader;
import org.splitmask.prep.source.BrokenItemException.Kind;

/**
 * A part of a text file that lists paths, one a line: those of the lines that begin in the range. A
 * path is absolute, a URI, or relative to the list's folder; blank lines and those that begin with
 * # are skipped. A path that is not there becomes an item that cannot be read.
 *
 * @param start in bytes
 * @param end in bytes; a line that begins there is the next part's
 */
record PathList(String list, long start, long end) implements Pending {
  /** About ten thousand paths, each of which is looked at. */
  private static final long PART_BYTES = 1 << 20;

  private static final int LONGEST_LINE_BYTES = 64 << 10;
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  /** The parts of a list, for as many tasks. */
  static List<PathList> parts(FileStatus list) {
    List<PathList> parts = new ArrayList<>();
    String path = list.getPath().toString();
    for (long start = 0; start < list.getLen(); start += PART_BYTES) {
      parts.add(new PathList(path, start, Math.min(list.getLen(), start + PART_BYTES)));
    }
    return parts;
  }

  @Override
  public Iterator<Found> list(SourceContext context) throws IOException {
    Iterator<String> lines = lines(context.hadoop()).iterator();
    Path folder = new Path(SourceFiles.parent(list));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return lines.hasNext();
      }

      @Override
      public Found next() {
        try {
          return look(lines.next(), folder, context.hadoop());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  List<String> lines(Configuration hadoop) throws IOException {
    List<String> lines = new ArrayList<>();
    try (FSDataInputStream stream = SourceFiles.open(list, hadoop)) {
      // The line that begins before this part, however short its rest, is the last part's.
      long at = Math.max(0, start - 1);
      stream.seek(at);
      LineReader reader = new LineReader(stream);
      Text line = new Text();
      if (start > 0) {
        at += reader.readLine(line, 0);
      }
      while (at < end) {
        int read = reader.readLine(line, LONGEST_LINE_BYTES);
        if (read == 0) {
          break;
        }
        at += read;
        String text = line.toString().replace(BYTE_ORDER_MARK, "").strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          lines.add(text);
        }
      }
    }
    return lines;
  }

  private static Found look(String line, Path folder, Configuration hadoop) throws IOException {
    String root = folder.toString();
    Path path;
    try {
      path = resolve(line, folder);
    } catch (IllegalArgumentException e) {
      String name = root.endsWith("/") ? root + line : root + "/" + line;
      return missing(root, name, "it is no path: " + e.getMessage());
    }
    try {
      FileSystem fileSystem = SourceFiles.fileSystem(path, hadoop);
      String qualified = fileSystem.makeQualified(path).toString();
      if (!SourceFiles.isUnder(qualified, root)) {
        root = fileSystem.makeQualified(new Path("/")).toString();
      }
      return look(root, qualified, fileSystem, path);
    } catch (UnsupportedFileSystemException e) {
      return missing(path.getParent().toString(), path.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static Found look(String root, String qualified, FileSystem fileSystem, Path path)
      throws IOException {
    try {
      return Found.of(root, fileSystem.getFileStatus(path), 0);
    } catch (FileNotFoundException e) {
      return missing(root, qualified, "it is listed and not there");
    } catch (AccessControlException | IllegalArgumentException e) {
      // HDFS calls names with a colon illegal arguments.
      return missing(root, qualified, String.valueOf(e));
    }
  }

  private static Found missing(String root, String path, String detail) {
    return new Found.Item(
        new SourceItem(
            root,
            path,
            SourceItem.UNKNOWN_SIZE,
            0,
            new BrokenEntry(path, 0, Kind.UNREADABLE, detail),
            null));
  }

  /** Names with a colon are no URIs unless a slash follows it. */
  private static Path resolve(String line, Path folder) {
    if (URI.matcher(line).matches()) {
      return new Path(line);
    }
    java.net.URI base = folder.toUri();
    String path = line.startsWith("/") ? line : base.getPath() + "/" + line;
    return new Path(base.getScheme(), base.getAuthority(), path);
  }
}
