/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.file.SourceStatus;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.ContainerFormat;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;
import org.splitmask.prep.source.item.RemarkKind;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.parquet.IcebergTable;
import org.splitmask.prep.source.parquet.ParquetFile;
import org.splitmask.prep.source.text.EntryName;
import org.splitmask.prep.source.text.EscapedName;

/**
 * A folder.
 *
 * @param depth how many folders lie between it and the input
 * @param pattern what paths below the root must match from here on; none: all that is seen
 * @param glob what the user wrote, while the pattern is not matched yet
 */
record Folder(
    String root, String path, int depth, @Nullable GlobPath pattern, @Nullable String glob)
    implements Listable {
  /** Deeper trees are rarely meant. */
  static final int DEEPEST = 100;

  private static final String METADATA = "metadata";

  Folder(String root, String path, int depth) {
    this(root, path, depth, null, null);
  }

  @Override
  public Iterator<Finding> list(SourceContext context) throws IOException {
    Check.data(
        depth <= DEEPEST,
        "the folder %s is more than %d folders deep; give its folders one by one as --input",
        path,
        DEEPEST);
    List<SourceStatus> entries;
    try {
      entries = SourceFiles.list(path, context.hadoop());
    } catch (FileNotFoundException e) {
      return List.of(Finding.unreadable(root, path, "it is gone")).iterator();
    } catch (AccessControlException e) {
      return List.of(Finding.unreadable(root, path, "permission denied")).iterator();
    }
    if (entries.isEmpty() && SourceFiles.isLink(path) && depth > 0) {
      String trouble = "it is a link to an empty folder; is its disk mounted?";
      return List.of(Finding.unreadable(root, path, trouble)).iterator();
    }
    if (pattern == null && isTable(entries, context.hadoop())) {
      return List.<Finding>of(new IcebergTable(root, path)).iterator();
    }
    return (pattern == null ? seen(entries, context) : matching(entries, pattern, context))
        .iterator();
  }

  private List<Finding> seen(List<SourceStatus> entries, SourceContext context) throws IOException {
    Set<String> shards = shards(entries);
    List<Finding> found = new ArrayList<>(entries.size());
    for (SourceStatus entry : entries) {
      add(entry, shards, context, found);
    }
    return found;
  }

  private List<Finding> matching(List<SourceStatus> entries, GlobPath glob, SourceContext context)
      throws IOException {
    GlobPath.Matcher matcher = glob.matcher();
    Set<String> shards = shards(entries);
    List<Finding> found = new ArrayList<>();
    boolean matched = false;
    for (SourceStatus entry : entries) {
      List<String> below = GlobPath.below(entry.path(), root);
      if (matcher.matches(below)) {
        matched = true;
        add(entry, shards, context, found);
      } else if (entry.isFolder() && matcher.leadsOn(below)) {
        Finding refused = refusedLink(entry, context);
        found.add(
            refused == null ? new Folder(root, entry.path(), depth + 1, glob, this.glob) : refused);
      }
    }
    if (matched) {
      found.add(new Finding.Matched(String.valueOf(this.glob)));
    }
    return found;
  }

  private void add(
      SourceStatus entry, Set<String> shards, SourceContext context, List<Finding> found)
      throws IOException {
    AsideKind aside = aside(entry);
    if (aside != null) {
      found.add(new Finding.Aside(aside, entry.path(), 1));
      return;
    }
    if (EscapedName.isEscaped(entry.name())) {
      found.add(new Finding.Remark(RemarkKind.ESCAPED_FILE_NAME, entry.path()));
    }
    Finding refused = entry.isFolder() ? refusedLink(entry, context) : null;
    Finding own = refused == null ? Findings.of(root, entry, depth + 1) : refused;
    boolean besideShard = shards.contains(EntryName.stem(entry.name()));
    found.add(own instanceof ParquetFile file && besideShard ? file.besideShard() : own);
  }

  private @Nullable AsideKind aside(SourceStatus entry) {
    // A name that the glob spells out is meant, hidden or not.
    boolean spelled = pattern != null && entry.name().startsWith(".");
    if (spelled) {
      return null;
    }
    return entry.isFolder() ? AsideKind.ofFolder(entry.name()) : AsideKind.ofFile(entry.name());
  }

  /** The names of archives and folders, without extension: what may lie beside them tells of it. */
  private static Set<String> shards(List<SourceStatus> entries) {
    Set<String> shards = new HashSet<>();
    for (SourceStatus entry : entries) {
      ContainerFormat format = entry.isFile() ? ContainerFormat.of(entry.name()) : null;
      if (entry.isFolder()) {
        shards.add(entry.name());
      } else if (format != null && format != ContainerFormat.PARQUET) {
        shards.add(EntryName.key(entry.name()));
      }
    }
    return shards;
  }

  private static boolean isTable(List<SourceStatus> entries, Configuration hadoop)
      throws IOException {
    for (SourceStatus entry : entries) {
      if (entry.isFolder() && entry.name().equals(METADATA)) {
        return listed(entry.path(), hadoop).stream()
            .anyMatch(file -> file.name().endsWith(IcebergTable.METADATA_SUFFIX));
      }
    }
    return false;
  }

  /** What lies in a folder; nothing where it cannot be opened, which its own listing tells. */
  private static List<SourceStatus> listed(String folder, Configuration hadoop) throws IOException {
    try {
      return SourceFiles.list(folder, hadoop);
    } catch (FileNotFoundException | AccessControlException e) {
      return List.of();
    }
  }

  /**
   * What is wrong with a link of the local disk to a folder: it leads back to a folder that it lies
   * in, where the kernel would follow it forty times and every picture would be found as often; or
   * to where the table is to be, which would be found as input next time.
   */
  private @Nullable Finding refusedLink(SourceStatus entry, SourceContext context)
      throws IOException {
    if (!SourceFiles.isLink(entry.path())) {
      return null;
    }
    String target = SourceFiles.real(entry.path());
    if (SourceFiles.isUnder(context.output(), target)) {
      return new Finding.Refusal(
          Blame.USER,
          String.format(
              Locale.ROOT,
              "the table %s would lie inside the input %s, by way of the link %s, and be found as input next time; give an --output outside it",
              context.output(),
              root,
              entry.path()));
    }
    String above = path;
    while (!SourceFiles.real(above).equals(target)) {
      String next = SourceFiles.parent(above);
      if (next.equals(above) || !SourceFiles.isUnder(next, root)) {
        return null;
      }
      above = next;
    }
    return Finding.unreadable(
        root, entry.path(), "it is a link that leads back to " + target + ", in which it lies");
  }
}
