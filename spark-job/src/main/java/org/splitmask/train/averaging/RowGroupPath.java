/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.RowGroup;

/** A row group as a path, the form in which DL4J's Spark API is given data. */
public final class RowGroupPath {
  private static final Pattern FORM = Pattern.compile("(.*)#(\\d+):(\\d+):(\\d+)", Pattern.DOTALL);

  private RowGroupPath() {}

  /** {@code FILE#ORDINAL:ROWS:BYTES}. */
  public static String of(RowGroup group) {
    return group.file() + "#" + group.ordinal() + ":" + group.rows() + ":" + group.bytes();
  }

  /** The paths of row groups, in their order. */
  public static List<String> of(List<RowGroup> groups) {
    return groups.stream().map(RowGroupPath::of).toList();
  }

  static RowGroup parse(String path) {
    Matcher matcher = FORM.matcher(path);
    Check.invariant(matcher.matches(), "'%s' is not the path of a row group", path);
    return new RowGroup(
        matcher.group(1),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        Long.parseLong(matcher.group(4)));
  }
}
