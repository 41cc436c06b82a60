/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.LineReader;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.file.SourceStatus;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.text.EscapedName;

/**
 * A part of a text file that lists paths, one a line: those of the lines that begin in the range. A
 * path is absolute, a URI, or relative to the list's folder; blank lines and those that begin with
 * # are skipped. A path that is not there becomes an item that cannot be read; a scheme that no
 * filesystem reads is a mistake of the whole list, and is refused.
 *
 * @param start in bytes
 * @param end in bytes; a line that begins there is the next part's
 */
record PathList(String list, long start, long end) implements Listable {
  /** About ten thousand paths, each of which is looked at. */
  private static final long PART_BYTES = 1 << 20;

  private static final int LONGEST_LINE_BYTES = 64 << 10;
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final String MORE_THAN_A_PATH =
      "it is not there; the line has more than a path: a list has only paths, and labels are"
          + " given with --labels";

  /**
   * A line that names something.
   *
   * @param place where it stands in the list, for people
   * @param start its first byte in the list
   */
  record Line(String text, String place, long start) {}

  /** The parts of a list, for as many tasks. */
  static List<PathList> parts(SourceStatus list, Configuration hadoop) throws IOException {
    checkCharset(list.path(), hadoop);
    List<PathList> parts = new ArrayList<>();
    for (long start = 0; start < list.length(); start += PART_BYTES) {
      parts.add(new PathList(list.path(), start, Math.min(list.length(), start + PART_BYTES)));
    }
    return parts;
  }

  private static void checkCharset(String list, Configuration hadoop) throws IOException {
    byte[] head;
    try (FSDataInputStream stream = SourceFiles.open(list, hadoop)) {
      head = stream.readNBytes(4);
    }
    boolean marked =
        head.length >= 2
            && ((head[0] == (byte) 0xFF && head[1] == (byte) 0xFE)
                || (head[0] == (byte) 0xFE && head[1] == (byte) 0xFF));
    boolean unmarked = head.length >= 2 && (head[0] == 0) != (head[1] == 0);
    Check.data(
        !marked && !unmarked, "the list %s is in UTF-16; save it as UTF-8 and run again", list);
  }

  @Override
  public Iterator<Finding> list(SourceContext context) throws IOException {
    Iterator<Line> lines = lines(context.hadoop()).iterator();
    Path folder = new Path(SourceFiles.parent(list));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return lines.hasNext();
      }

      @Override
      public Finding next() {
        try {
          return look(lines.next(), folder, context.hadoop());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  List<Line> lines(Configuration hadoop) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (FSDataInputStream stream = SourceFiles.open(list, hadoop)) {
      // The line that begins before this part, however short its rest, is the last part's.
      long at = Math.max(0, start - 1);
      stream.seek(at);
      LineReader reader = new LineReader(stream);
      Text line = new Text();
      if (start > 0) {
        at += reader.readLine(line, 0);
      }
      for (int number = 1; at < end; number++) {
        int read = reader.readLine(line, LONGEST_LINE_BYTES);
        if (read == 0) {
          break;
        }
        // By its bytes, so that paths which are no UTF-8 are found as folders find them.
        String text = EscapedName.of(line.copyBytes()).replace(BYTE_ORDER_MARK, "").strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          // How many lines precede a later part would take reading them.
          lines.add(new Line(text, start == 0 ? "line " + number : "the line at byte " + at, at));
        }
        at += read;
      }
    }
    return lines;
  }

  private Finding look(Line line, Path folder, Configuration hadoop) throws IOException {
    String scheme = PathSyntax.scheme(line.text());
    if (scheme != null && !PathSyntax.isRead(scheme, hadoop)) {
      throw unread(line, scheme, hadoop);
    }
    String host = PathSyntax.host(line.text());
    if (host != null) {
      String detail = "it is on the host " + host + "; mount its disk here, and give the path";
      return missing(line, folder, line.text(), detail);
    }
    Finding first = null;
    for (String spelling : spellings(line.text())) {
      Finding found = lookAt(line, spelling, folder, hadoop);
      if (!(found instanceof Finding.Item item && item.item().isBroken())) {
        return found;
      }
      first = first == null ? found : first;
    }
    return Objects.requireNonNull(first);
  }

  /** All lines of that scheme would be rejected one by one, and it is the list that is wrong. */
  private SplitMaskException unread(Line line, String scheme, Configuration hadoop)
      throws IOException {
    return Check.failure(
        Blame.USER,
        "line %d of %s names %s, and no filesystem is registered for the scheme %s; %s (a name that"
            + " only looks so is written ./%s:/...)",
        number(line, hadoop),
        list,
        line.text(),
        scheme,
        scheme.startsWith("s3")
            ? "write s3a"
            : "copy the files to a disk, HDFS or an object store, and list them there",
        scheme);
  }

  /** The number of a line, the first being 1. */
  private long number(Line line, Configuration hadoop) throws IOException {
    try (FSDataInputStream stream = SourceFiles.open(list, hadoop)) {
      LineReader reader = new LineReader(stream);
      Text skipped = new Text();
      long number = 1;
      for (long at = 0; at < line.start(); number++) {
        int read = reader.readLine(skipped, 0);
        if (read == 0) {
          break;
        }
        at += read;
      }
      return number;
    }
  }

  /** What a line may mean, as it stands first. */
  private static Set<String> spellings(String line) {
    Set<String> spellings = new LinkedHashSet<>();
    String unescaped = PathSyntax.unescaped(line);
    // Python writes file:///a%20b, Hadoop file:/a b, and Java file:/a%20b.
    if (unescaped != null && line.startsWith("://", line.indexOf(':'))) {
      spellings.add(unescaped);
    }
    spellings.add(line);
    spellings.add(line.replace("\\x5C", "\\")); // as the table prints names that are no UTF-8
    if (unescaped != null) {
      spellings.add(unescaped);
    }
    if (line.length() > 2 && line.startsWith("\"") && line.endsWith("\"")) {
      spellings.add(line.substring(1, line.length() - 1).replace("\"\"", "\""));
    }
    if (line.indexOf('/') < 0 && line.indexOf('\\') >= 0) {
      spellings.add(line.replace('\\', '/'));
    }
    return spellings;
  }

  private Finding lookAt(Line line, String text, Path folder, Configuration hadoop)
      throws IOException {
    Path path;
    try {
      path = PathSyntax.resolve(text, folder);
    } catch (IllegalArgumentException e) {
      return missing(line, folder, text, "it is no path: " + e.getMessage());
    }
    String qualified;
    String root = folder.toString();
    try {
      qualified = SourceFiles.fileSystem(path, hadoop).makeQualified(path).toString();
      if (!SourceFiles.isUnder(qualified, root)) {
        root = SourceFiles.fileSystem(path, hadoop).makeQualified(new Path("/")).toString();
      }
    } catch (UnsupportedFileSystemException e) {
      throw unread(line, String.valueOf(path.toUri().getScheme()), hadoop);
    }
    try {
      SourceStatus status = SourceFiles.status(qualified, hadoop);
      return status.kind() == SourceStatus.Kind.UNREADABLE
          ? Finding.unreadable(root, qualified, said(line, status.trouble()))
          : Findings.of(root, status, 0);
    } catch (FileNotFoundException e) {
      String more = hasMore(text, folder, hadoop) ? MORE_THAN_A_PATH : "it is not there";
      return Finding.unreadable(root, qualified, said(line, more));
    } catch (AccessControlException e) {
      return Finding.unreadable(root, qualified, said(line, "permission denied"));
    } catch (IllegalArgumentException e) {
      // HDFS calls names with a colon illegal arguments.
      return Finding.unreadable(root, qualified, said(line, String.valueOf(e.getMessage())));
    }
  }

  /** Whether what precedes the last blank or comma is there: lists with labels look so. */
  private static boolean hasMore(String text, Path folder, Configuration hadoop)
      throws IOException {
    String path = text.replaceFirst("[\\s,;][^\\s,;/]*$", "");
    if (path.equals(text) || path.isEmpty()) {
      return false;
    }
    try {
      Path before = PathSyntax.resolve(path, folder);
      String qualified = SourceFiles.fileSystem(before, hadoop).makeQualified(before).toString();
      return SourceFiles.status(qualified, hadoop).isFile();
    } catch (FileNotFoundException | AccessControlException | IllegalArgumentException e) {
      return false;
    }
  }

  /** An item for a line of which no path can be made, or none of this machine. */
  private Finding missing(Line line, Path folder, String name, String detail) {
    String root = folder.toString();
    if (PathSyntax.scheme(name) != null) {
      root = name.substring(0, name.lastIndexOf('/'));
      return Finding.unreadable(root, name, said(line, detail));
    }
    String path = root.endsWith("/") ? root + name : root + "/" + name;
    return Finding.unreadable(root, path, said(line, detail));
  }

  private String said(Line line, String detail) {
    return String.format(Locale.ROOT, "%s of %s names it, and %s", line.place(), list, detail);
  }
}
