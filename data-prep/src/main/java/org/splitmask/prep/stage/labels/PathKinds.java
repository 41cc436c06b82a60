/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;

/**
 * Which kinds of paths a whole label file has; what one of its paths may mean depends on it.
 *
 * @param lines how many name a picture
 * @param relative whether some paths are below an input
 * @param absolute whether some are whole paths or URIs
 * @param slashes whether some have a slash; where none has, backslashes are slashes
 * @param groups whether some lines name a group
 */
public record PathKinds(
    int lines, boolean relative, boolean absolute, boolean slashes, boolean groups)
    implements Serializable {
  /** Of no line. */
  static final PathKinds NONE = new PathKinds(0, false, false, false, false);

  PathKinds and(ListedLine line) {
    boolean whole = ListedPath.isAbsolute(line.path());
    return new PathKinds(
        lines + 1,
        relative || !whole,
        absolute || whole,
        slashes || line.path().indexOf('/') >= 0,
        groups || line.group() != null);
  }

  /** The path as it may be meant besides. */
  String meant(String path) {
    return slashes ? path : ListedPath.steps(path.replace('\\', '/'));
  }
}
