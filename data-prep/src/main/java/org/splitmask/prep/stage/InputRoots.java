/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.stage.ListDirectory.Listed;

/** What the user gave as input, checked. */
final class InputRoots {
  private InputRoots() {}

  /**
   * The folders (and single files) to begin with.
   *
   * @param output the table's folder, which must not lie among its own input
   */
  static List<Listed> of(List<String> inputs, String output, Configuration hadoop)
      throws IOException {
    Check.that(!inputs.isEmpty(), "no input; give --input PATH");
    List<Listed> roots = new ArrayList<>();
    for (String input : inputs) {
      Path given = new Path(input);
      FileSystem fileSystem = given.getFileSystem(hadoop);
      Path path = fileSystem.makeQualified(given);
      Check.that(fileSystem.exists(path), "no such folder: %s (--input)", input);
      FileStatus status = fileSystem.getFileStatus(path);
      Path root = status.isDirectory() ? path : path.getParent();
      Check.invariant(root != null, "the file %s is in no folder", path);
      roots.add(ListDirectory.listed(root.toString(), status));
      Check.that(
          !isUnder(output, path.toString()),
          "the table %s would lie inside the input %s and be found as input next time; give an"
              + " --output outside it",
          output,
          input);
    }
    checkApart(roots);
    return roots;
  }

  private static void checkApart(List<Listed> roots) {
    for (int i = 0; i < roots.size(); i++) {
      for (int j = 0; j < roots.size(); j++) {
        String inner = roots.get(i).file().path();
        String outer = roots.get(j).file().path();
        Check.that(
            i == j || !isUnder(inner, outer),
            "the input %s lies inside the input %s; give the outer one alone",
            inner,
            outer);
      }
    }
  }

  private static boolean isUnder(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }
}
