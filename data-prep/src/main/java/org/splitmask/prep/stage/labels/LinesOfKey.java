/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.splitmask.prep.source.item.SourceItem;

/**
 * Decides which files the lines of one {@link ListedKey} mean. A path that is exactly a file's name
 * is that file's; another one may mean a file that differs only in Unicode's normal form, in blanks
 * around its name or in the kind of slash, if it is the only one.
 */
public final class LinesOfKey {
  private static final int NAMED = 3;

  private final String labels;
  private final PathKinds kinds;
  private final List<ListedFault> faults = new ArrayList<>();
  private final Map<String, ListedLine> byPath = new LinkedHashMap<>();

  /** Of paths as {@link ListedPath#loosely} writes them, where that is another way. */
  private final Map<String, List<ListedLine>> loosely = new HashMap<>();

  private LinesOfKey(String labels, PathKinds kinds) {
    this.labels = labels;
    this.kinds = kinds;
  }

  /**
   * What the lines and files of a key come to.
   *
   * @param files each of the files, with the lines that mean it
   * @param unknown the lines that mean no file
   */
  public record Decision(
      List<FileClaim> files, List<ListedLine> unknown, List<ListedFault> faults) {}

  /**
   * Decides one key.
   *
   * @param labels the label file's name, for messages
   * @param kinds of the whole file
   * @param lines in any order
   */
  public static Decision decide(
      String labels, PathKinds kinds, List<ListedLine> lines, List<SourceItem> items) {
    return new LinesOfKey(labels, kinds).decide(lines, items);
  }

  private Decision decide(List<ListedLine> lines, List<SourceItem> items) {
    List<ListedLine> inOrder = new ArrayList<>(lines);
    inOrder.sort(Comparator.comparingInt(ListedLine::number));
    inOrder.forEach(this::add);
    List<FileClaim> claims = new ArrayList<>();
    Set<ListedLine> exact = new HashSet<>();
    for (SourceItem item : items) {
      FileClaim claim = claim(item);
      claims.add(claim);
      exact.addAll(claim.exact());
    }
    Set<ListedLine> found = new HashSet<>(exact);
    Map<ListedLine, Set<String>> meant = new HashMap<>();
    for (FileClaim claim : claims) {
      claim.loose().removeAll(exact); // a line whose own file is there means no other
      found.addAll(claim.loose());
      for (ListedLine line : claim.loose()) {
        meant.computeIfAbsent(line, key -> new TreeSet<>()).add(claim.item().relativePath());
      }
    }
    meant.forEach(this::checkUnique);
    List<ListedLine> unknown =
        byPath.values().stream().filter(line -> !found.contains(line)).toList();
    return new Decision(claims, unknown, faults);
  }

  private void add(ListedLine line) {
    ListedLine previous = byPath.putIfAbsent(line.path(), line);
    if (previous == null) {
      addLoosely(line, kinds.meant(line.path()));
      if (line.uri() != null) {
        addLoosely(line, ListedPath.steps(line.uri()));
      }
    } else if (!previous.agrees(line)) {
      faults.add(
          ListedFault.of(
              ListedFault.Kind.REPEATED,
              line.number(),
              "line %d of %s lists %s again, after line %d, and says something else; keep one",
              line.number(),
              labels,
              line.path(),
              previous.number()));
    }
  }

  private void addLoosely(ListedLine line, String path) {
    String loose = ListedPath.loosely(path);
    if (!loose.equals(line.path())) {
      loosely.computeIfAbsent(loose, key -> new ArrayList<>(1)).add(line);
    }
  }

  private FileClaim claim(SourceItem item) {
    Set<ListedLine> exact = new LinkedHashSet<>();
    Set<ListedLine> loose = new LinkedHashSet<>();
    for (String name : ListedPath.names(item, kinds.absolute())) {
      ListedLine line = byPath.get(name);
      if (line != null) {
        exact.add(line);
      }
      String other = ListedPath.loosely(ListedPath.steps(name));
      ListedLine nearly = byPath.get(other);
      if (nearly != null) {
        loose.add(nearly);
      }
      loose.addAll(loosely.getOrDefault(other, List.of()));
    }
    return new FileClaim(item, new ArrayList<>(exact), new ArrayList<>(loose));
  }

  private void checkUnique(ListedLine line, Set<String> files) {
    if (files.size() > 1) {
      faults.add(
          ListedFault.of(
              ListedFault.Kind.AMBIGUOUS,
              line.number(),
              "line %d of %s lists %s, which may mean any of %d files, such as %s; write the"
                  + " path as the file's name is, byte by byte",
              line.number(),
              labels,
              line.path(),
              files.size(),
              files.stream().limit(NAMED).toList()));
    }
  }
}
