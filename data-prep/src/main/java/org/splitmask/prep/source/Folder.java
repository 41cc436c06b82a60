/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;

/**
 * A folder.
 *
 * @param depth how many folders lie between it and the input
 * @param pattern the parts of a glob that names from here on must match; empty: all that is seen
 * @param glob what the user wrote, while parts of it are left
 */
record Folder(String root, String path, int depth, List<String> pattern, @Nullable String glob)
    implements Pending {
  /** Deeper trees are rarely meant; links that lead back make endless ones. */
  static final int DEEPEST = 100;

  private static final String METADATA = "metadata";

  Folder(String root, String path, int depth) {
    this(root, path, depth, List.of(), null);
  }

  @Override
  public @Nullable String completes() {
    return pattern.size() == 1 ? glob : null;
  }

  @Override
  public Iterator<Found> list(SourceContext context) throws IOException {
    Check.data(
        depth <= DEEPEST,
        "the folder %s is more than %d folders deep; does a link lead back? Remove it or give its"
            + " folders one by one",
        path,
        DEEPEST);
    Path folder = new Path(path);
    List<FileStatus> entries =
        Arrays.asList(SourceFiles.fileSystem(folder, context.hadoop()).listStatus(folder));
    if (pattern.isEmpty() && isTable(entries, context.hadoop())) {
      return List.<Found>of(new IcebergTable(root, path)).iterator();
    }
    return (pattern.isEmpty() ? seen(entries) : matching(entries)).iterator();
  }

  private List<Found> seen(List<FileStatus> entries) throws IOException {
    List<Found> found = new ArrayList<>();
    for (FileStatus entry : entries) {
      if (SourceFiles.isSeen(entry.getPath().getName())) {
        checkLink(entry);
        found.add(Found.of(root, entry, depth + 1));
      }
    }
    return found;
  }

  private List<Found> matching(List<FileStatus> entries) throws IOException {
    String part = pattern.get(0);
    List<String> rest = pattern.subList(1, pattern.size());
    GlobPattern glob = new GlobPattern(part);
    List<Found> found = new ArrayList<>();
    for (FileStatus entry : entries) {
      String name = entry.getPath().getName();
      boolean seen = SourceFiles.isSeen(name) || name.charAt(0) == part.charAt(0);
      if (seen && glob.matches(name)) {
        checkLink(entry);
        if (rest.isEmpty()) {
          found.add(Found.of(root, entry, depth + 1));
        } else if (entry.isDirectory()) {
          String path = entry.getPath().toString();
          found.add(new Folder(root, path, depth + 1, new ArrayList<>(rest), this.glob));
        }
      }
    }
    return found;
  }

  private static boolean isTable(List<FileStatus> entries, Configuration hadoop)
      throws IOException {
    for (FileStatus entry : entries) {
      if (entry.isDirectory() && entry.getPath().getName().equals(METADATA)) {
        Path metadata = entry.getPath();
        return Arrays.stream(SourceFiles.fileSystem(metadata, hadoop).listStatus(metadata))
            .anyMatch(file -> file.getPath().getName().endsWith(IcebergTable.METADATA_SUFFIX));
      }
    }
    return false;
  }

  /**
   * Refuses a link of the local disk that leads back to a folder that it lies in. Hadoop follows
   * links, and the kernel gives up on them after forty rounds: without this check every picture
   * would be found forty times.
   */
  private void checkLink(FileStatus entry) throws IOException {
    if (!entry.isDirectory() || !"file".equals(entry.getPath().toUri().getScheme())) {
      return;
    }
    java.nio.file.Path link = local(entry.getPath().toString());
    if (!Files.isSymbolicLink(link)) {
      return;
    }
    java.nio.file.Path target = link.toRealPath();
    java.nio.file.Path top = local(root).toAbsolutePath();
    for (java.nio.file.Path at = link.getParent();
        at != null && at.startsWith(top);
        at = at.getParent()) {
      Check.data(
          !target.equals(at.toRealPath()),
          "the link %s leads back to %s, in which it lies; remove it, or there is no end",
          link,
          target);
    }
  }

  private static java.nio.file.Path local(String path) {
    return java.nio.file.Path.of(Objects.requireNonNull(new Path(path).toUri().getPath()));
  }
}
