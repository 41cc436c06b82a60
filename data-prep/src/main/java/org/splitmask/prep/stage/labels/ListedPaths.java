/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.item.SourceItem;

/**
 * Finds the file of every path of a label file. A path that is exactly a file's name is that
 * file's; another one may mean a file that differs only in Unicode's normal form, in blanks around
 * its name or in the kind of slash, if it is the only one.
 */
public final class ListedPaths {
  private static final int NAMED = 3;

  private final String labels;
  private final LabelEntries entries;

  /** Of the lines that files claim loosely, which are few. */
  private final Map<Integer, Map.Entry<String, LabelEntry>> byLine = new HashMap<>();

  private ListedPaths(String labels, LabelEntries entries) {
    this.labels = labels;
    this.entries = entries;
  }

  /**
   * The entries with the files that they mean.
   *
   * @param near asked for names like those that are not there
   * @throws org.splitmask.common.failure.SplitMaskException blaming the data where a path is no
   *     file, could be two, or lines of one file contradict each other
   */
  public static LabelEntries match(
      String labels, LabelEntries entries, Seen seen, UnaryOperator<List<String>> near) {
    return new ListedPaths(labels, entries).match(seen, near);
  }

  private LabelEntries match(Seen seen, UnaryOperator<List<String>> near) {
    BitSet lines = (BitSet) seen.lines.clone();
    readClaimed(seen.claims);
    Map<String, LabelEntry> found = new HashMap<>();
    Map<Integer, Set<String>> meant = new TreeMap<>();
    for (Claim claim : seen.claims) {
      // A line whose own file is there means no other.
      List<Integer> loose = claim.loose.stream().filter(line -> !seen.lines.get(line)).toList();
      List<Integer> all = new ArrayList<>(claim.exact);
      all.addAll(loose);
      checkAgreement(claim.name, all);
      for (int line : loose) {
        lines.set(line);
        meant.computeIfAbsent(line, key -> new TreeSet<>()).add(claim.name);
      }
      if (claim.exact.isEmpty() && !loose.isEmpty()) {
        found.put(claim.path, entry(loose.get(0)));
      }
    }
    meant.forEach(this::checkUnique);
    List<Map.Entry<String, LabelEntry>> unknown =
        entries.byPath().entrySet().stream()
            .filter(e -> !lines.get(e.getValue().line()))
            .sorted(Comparator.comparingInt(e -> e.getValue().line()))
            .toList();
    if (!unknown.isEmpty()) {
      refuse(unknown, near);
    }
    return entries.withFound(found);
  }

  private void readClaimed(List<Claim> claims) {
    BitSet claimed = new BitSet();
    for (Claim claim : claims) {
      claim.exact.forEach(claimed::set);
      claim.loose.forEach(claimed::set);
    }
    if (!claimed.isEmpty()) {
      entries.byPath().entrySet().stream()
          .filter(entry -> claimed.get(entry.getValue().line()))
          .forEach(entry -> byLine.put(entry.getValue().line(), entry));
    }
  }

  private void checkAgreement(String name, List<Integer> lines) {
    for (int line : lines) {
      Check.data(
          entry(line).agrees(entry(lines.get(0))),
          "lines %d and %d of %s both mean %s and contradict each other; keep one",
          Math.min(line, lines.get(0)),
          Math.max(line, lines.get(0)),
          labels,
          name);
    }
  }

  private void checkUnique(int line, Set<String> files) {
    Check.data(
        files.size() == 1,
        "line %d of %s lists %s, which may mean any of %d files, such as %s; write the path as the"
            + " file's name is, byte by byte",
        line,
        labels,
        claimed(line).getKey(),
        files.size(),
        files.stream().limit(NAMED).toList());
  }

  private void refuse(
      List<Map.Entry<String, LabelEntry>> unknown, UnaryOperator<List<String>> nearest) {
    List<String> named = unknown.stream().limit(NAMED).map(Map.Entry::getKey).toList();
    List<String> near = nearest.apply(named);
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < named.size(); i++) {
      int line = unknown.get(i).getValue().line();
      shown.add(
          named.get(i)
              + (near.get(i).isEmpty()
                  ? " (line " + line + ")"
                  : " (line " + line + "; there is " + near.get(i) + ")"));
    }
    Check.data(
        false,
        "%d paths of the label file %s are no files below --input, such as %s; paths are relative"
            + " to the input folder, or absolute; names that begin with a dot are not seen",
        unknown.size(),
        labels,
        shown);
  }

  private LabelEntry entry(int line) {
    return claimed(line).getValue();
  }

  private Map.Entry<String, LabelEntry> claimed(int line) {
    return Check.present(byLine.get(line), "no entry of line %d", line);
  }

  /** A file that several lines, or loose ones alone, may mean. */
  record Claim(String path, String name, List<Integer> exact, List<Integer> loose)
      implements Serializable {}

  /**
   * What a part of the files has.
   *
   * @param lines whose paths are exactly files
   */
  public record Seen(BitSet lines, List<Claim> claims) implements Serializable {
    /** Before any file was looked at. */
    public static Seen nothing() {
      return new Seen(new BitSet(), new ArrayList<>());
    }

    /** Takes in what another part has. */
    public Seen add(Seen other) {
      lines.or(other.lines);
      claims.addAll(other.claims);
      return this;
    }

    /** What some of the files have. */
    public static Seen of(LabelEntries entries, Iterator<SourceItem> files) {
      Seen seen = nothing();
      while (files.hasNext()) {
        SourceItem file = files.next();
        Set<Integer> exact = entries.exactLines(file);
        Set<Integer> loose = entries.looseLines(file);
        exact.forEach(seen.lines::set);
        loose.removeAll(exact);
        if (exact.size() > 1 || !loose.isEmpty()) {
          seen.claims.add(
              new Claim(
                  file.path(),
                  file.relativePath(),
                  new ArrayList<>(exact),
                  new ArrayList<>(loose)));
        }
      }
      return seen;
    }
  }
}
