/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.file.SourceStatus;
import org.splitmask.prep.source.item.Finding;

/** What the user gave as input, checked. */
public final class InputRoots {
  private static final String WILDCARDS = "*?[{\\";
  private static final String OUTPUT_INSIDE =
      "the table %s would lie inside the input %s and be found as input next time; give an"
          + " --output outside it";

  private final String output;
  private final Configuration hadoop;
  private final List<Finding> found = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final Set<String> globs = new TreeSet<>();
  private final Set<String> covered = new TreeSet<>();
  private final List<Scopes.Glob> coveredByGlobs = new ArrayList<>();
  private final Set<String> matched = new TreeSet<>();
  private boolean anyGlob;
  private boolean lists;

  private InputRoots(String output, Configuration hadoop) {
    this.output = output;
    this.hadoop = hadoop;
  }

  /**
   * Looks at what is given: folders, globs, files, containers, tables, lists of paths.
   *
   * @param output the table's folder, qualified, which must not lie among its own input
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where an input is not
   *     there, holds the output or holds another input
   */
  public static InputRoots of(List<String> inputs, String output, Configuration hadoop)
      throws IOException {
    Check.that(!inputs.isEmpty(), "no input; give --input PATH");
    InputRoots roots = new InputRoots(SourceFiles.real(output), hadoop);
    for (String input : inputs) {
      roots.add(input);
    }
    roots.checkApart();
    return roots;
  }

  /** Where the table is to be, links followed. */
  public String output() {
    return output;
  }

  /** What to begin with. */
  public List<Finding> found() {
    return found;
  }

  /** The globs that are to be matched, as given. */
  public Set<String> globs() {
    return globs;
  }

  /** Those of which an alternative is a plain path that is there. */
  public Set<String> matched() {
    return matched;
  }

  /** Where a file that is not found any more is gone. */
  public Scopes scopes() {
    return new Scopes(covered, coveredByGlobs);
  }

  /** Whether one file may be found twice: lists repeat, globs meet. */
  public boolean mayRepeat() {
    return lists || (anyGlob && found.size() > 1);
  }

  private void add(String input) throws IOException {
    String scheme = PathSyntax.scheme(input);
    Check.that(
        scheme == null || PathSyntax.isRead(scheme, hadoop),
        "files are not read by %s: %s (--input); copy them to a disk, HDFS or an object store",
        String.valueOf(scheme),
        input);
    String host = PathSyntax.host(input);
    Check.that(
        host == null,
        "%s is on the host %s (--input); mount its disk here, and give the path",
        input,
        String.valueOf(host));
    Path path = qualified(input);
    FileSystem fileSystem = SourceFiles.fileSystem(path, hadoop);
    SourceStatus status = status(path.toString());
    if (status != null) {
      addExisting(input, status);
      return;
    }
    Check.that(isGlob(path.toUri().getPath()), "no such folder: %s (--input)", input);
    for (String expanded : GlobExpander.expand(path.toUri().getPath())) {
      addGlob(input, fileSystem, expanded);
    }
  }

  /** A plain path may have a colon: only a slash behind it makes it a URI. */
  private Path qualified(String input) throws IOException {
    FileSystem standard = FileSystem.get(hadoop);
    Path path = PathSyntax.resolve(input, standard.makeQualified(standard.getWorkingDirectory()));
    return SourceFiles.fileSystem(path, hadoop).makeQualified(path);
  }

  private @Nullable SourceStatus status(String path) throws IOException {
    try {
      return SourceFiles.status(path, hadoop);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private void addExisting(String input, SourceStatus status) throws IOException {
    String path = status.path();
    Check.that(
        status.kind() != SourceStatus.Kind.UNREADABLE,
        "the input %s cannot be opened: %s",
        input,
        status.trouble());
    Check.that(
        !SourceFiles.isUnder(output, SourceFiles.real(path)) && !SourceFiles.isUnder(output, path),
        OUTPUT_INSIDE,
        output,
        input);
    paths.add(path);
    if (isList(status)) {
      lists = true;
      found.addAll(PathList.parts(status, hadoop));
    } else {
      covered.add(path);
      Finding root = Findings.of(path, status, 0);
      boolean plain = root instanceof Finding.Item;
      found.add(plain ? Finding.plain(SourceFiles.parent(path), status) : root);
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
    GlobPath pattern = new GlobPath(parts.subList(fixed, parts.size()));
    anyGlob = true;
    SourceStatus status = status(folder.toString());
    if (status != null && pattern.parts().isEmpty()) {
      matched.add(input); // an alternative of {a,b/*} that is a plain path
      addExisting(input, status);
      return;
    }
    globs.add(input);
    if (status == null || !status.isFolder()) {
      return; // told as a glob that matches nothing, unless another alternative does
    }
    GlobPath.Matcher matcher = matcher(input, pattern);
    coveredByGlobs.add(new Scopes.Glob(input, folder.toString(), pattern));
    String real = SourceFiles.real(folder.toString());
    for (String from : List.of(real, folder.toString())) {
      Check.that(
          !SourceFiles.isUnder(output, from) || !matcher.covers(GlobPath.below(output, from)),
          OUTPUT_INSIDE,
          output,
          input);
    }
    found.add(new Folder(folder.toString(), folder.toString(), 0, pattern, input));
  }

  private static GlobPath.Matcher matcher(String input, GlobPath pattern) {
    try {
      return pattern.matcher();
    } catch (RuntimeException e) {
      throw Check.failure(
          Blame.USER, "--input %s is no glob: %s", input, String.valueOf(e.getMessage()));
    }
  }

  /** Refuses inputs that lie in one another, by their names or by where links lead. */
  private void checkApart() throws IOException {
    Map<String, String> givenByReal = new TreeMap<>();
    for (String path : paths) {
      String real = SourceFiles.real(path);
      String other = givenByReal.put(real + "/", path);
      Check.that(
          other == null,
          "the inputs %s and %s are the same; give one of them",
          String.valueOf(other),
          path);
    }
    Map.Entry<String, String> before = Map.entry("/", "");
    for (Map.Entry<String, String> input : givenByReal.entrySet()) {
      // What lies in a folder follows it at once in this order.
      Check.that(
          !input.getKey().startsWith(before.getKey()),
          "the input %s lies inside the input %s; give the outer one alone",
          input.getValue(),
          before.getValue());
      before = input;
    }
  }

  private static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
  }

  private static boolean isList(SourceStatus status) {
    String name = status.name().toLowerCase(Locale.ROOT);
    return status.isFile() && (name.endsWith(".txt") || name.endsWith(".lst"));
  }
}
