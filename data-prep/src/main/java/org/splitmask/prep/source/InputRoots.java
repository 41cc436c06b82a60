/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/** What the user gave as input, checked. */
public final class InputRoots {
  private static final String WILDCARDS = "*?[{\\";

  private final String output;
  private final Configuration hadoop;
  private final List<Found> found = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final Set<String> globs = new TreeSet<>();
  private final Set<String> covered = new TreeSet<>();
  private final List<Scopes.Glob> coveredByGlobs = new ArrayList<>();
  private boolean lists;

  private InputRoots(String output, Configuration hadoop) {
    this.output = output;
    this.hadoop = hadoop;
  }

  /**
   * Looks at what is given: folders, globs, files, containers, tables, lists of paths.
   *
   * @param output the table's folder, which must not lie among its own input
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where an input is not
   *     there, holds the output or holds another input
   */
  public static InputRoots of(List<String> inputs, String output, Configuration hadoop)
      throws IOException {
    Check.that(!inputs.isEmpty(), "no input; give --input PATH");
    InputRoots roots = new InputRoots(output, hadoop);
    for (String input : inputs) {
      roots.add(input);
    }
    roots.checkApart();
    return roots;
  }

  /** What to begin with. */
  public List<Found> found() {
    return found;
  }

  /** The globs that are to be matched, as given. */
  public Set<String> globs() {
    return globs;
  }

  /** Where a file that is not found any more is gone. */
  public Scopes scopes() {
    return new Scopes(covered, coveredByGlobs);
  }

  /** Whether one file may be found twice: lists repeat, globs meet. */
  public boolean mayRepeat() {
    return lists || (!globs.isEmpty() && found.size() > 1);
  }

  private void add(String input) throws IOException {
    Path given = new Path(input);
    FileSystem fileSystem = SourceFiles.fileSystem(given, hadoop);
    Path path = fileSystem.makeQualified(given);
    if (fileSystem.exists(path)) {
      addExisting(input, fileSystem.getFileStatus(path));
      return;
    }
    Check.that(isGlob(path.toUri().getPath()), "no such folder: %s (--input)", input);
    for (String expanded : GlobExpander.expand(path.toUri().getPath())) {
      addGlob(input, fileSystem, expanded);
    }
  }

  private void addExisting(String input, FileStatus status) {
    String path = status.getPath().toString();
    Check.that(
        !SourceFiles.isUnder(output, path),
        "the table %s would lie inside the input %s and be found as input next time; give an"
            + " --output outside it",
        output,
        input);
    paths.add(path);
    if (isList(status)) {
      lists = true;
      found.addAll(PathList.parts(status));
    } else {
      covered.add(path);
      Found root = Found.of(path, status, 0);
      boolean plain = root instanceof Found.Item;
      found.add(plain ? Found.plain(SourceFiles.parent(path), status) : root);
    }
  }

  /** The parts before the first wildcard are a folder; the rest is matched level by level. */
  private void addGlob(String input, FileSystem fileSystem, String expanded) throws IOException {
    List<String> parts = Arrays.stream(expanded.split("/", -1)).filter(p -> !p.isEmpty()).toList();
    int fixed = 0;
    while (fixed < parts.size() && !isGlob(parts.get(fixed))) {
      fixed++;
    }
    Path folder =
        fileSystem.makeQualified(new Path("/" + String.join("/", parts.subList(0, fixed))));
    List<String> pattern = new ArrayList<>(parts.subList(fixed, parts.size()));
    globs.add(input);
    coveredByGlobs.add(new Scopes.Glob(folder.toString(), pattern));
    if (pattern.isEmpty() ? !fileSystem.exists(folder) : !isDirectory(fileSystem, folder)) {
      return; // told as a glob that matches nothing, unless another alternative does
    }
    checkSyntax(input, pattern);
    checkOutput(input, folder.toString(), pattern);
    found.add(new Folder(folder.toString(), folder.toString(), 0, pattern, input));
  }

  private static boolean isDirectory(FileSystem fileSystem, Path path) throws IOException {
    return fileSystem.exists(path) && fileSystem.getFileStatus(path).isDirectory();
  }

  private static void checkSyntax(String input, List<String> pattern) {
    try {
      pattern.forEach(GlobPattern::new);
    } catch (RuntimeException e) {
      throw Check.failure(
          Blame.USER, "--input %s is no glob: %s", input, String.valueOf(e.getMessage()));
    }
  }

  private void checkOutput(String input, String folder, List<String> pattern) {
    if (!SourceFiles.isUnder(output, folder) || output.equals(folder)) {
      return;
    }
    String[] below = output.substring(folder.length()).replaceFirst("^/", "").split("/", -1);
    boolean matches = below.length >= pattern.size();
    for (int i = 0; matches && i < pattern.size(); i++) {
      matches = new GlobPattern(pattern.get(i)).matches(below[i]);
    }
    Check.that(
        !matches,
        "the table %s would lie inside the input %s and be found as input next time; give an"
            + " --output outside it",
        output,
        input);
  }

  private void checkApart() {
    List<String> sorted = paths.stream().sorted(Comparator.comparing(path -> path + "/")).toList();
    for (int i = 1; i < sorted.size(); i++) {
      // What lies in a folder follows it at once in this order.
      Check.that(
          !SourceFiles.isUnder(sorted.get(i), sorted.get(i - 1)),
          "the input %s lies inside the input %s; give the outer one alone",
          sorted.get(i),
          sorted.get(i - 1));
    }
  }

  private static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
  }

  private static boolean isList(FileStatus status) {
    String name = status.getPath().getName().toLowerCase(Locale.ROOT);
    return status.isFile() && (name.endsWith(".txt") || name.endsWith(".lst"));
  }
}
