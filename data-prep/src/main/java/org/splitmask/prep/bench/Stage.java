/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.bench;

import java.util.List;

/** What a task is doing, told from its stack, so that the work itself carries no stopwatch. */
public enum Stage {
  READ_AND_HASH("readAndHash"),
  DECODE("decode"),
  RESIZE("resize"),
  CUT("cut"),
  WRITE("write"),
  /** The rest of a task: Spark's shuffle, labels, what lies between the others. */
  OTHER("other");

  private static final String PREPARE = "org.splitmask.prep.";
  private static final String RESIZER = PREPARE + "image.ImageResizer";

  private final String word;

  Stage(String word) {
    this.word = word;
  }

  /** As JSON and people read it. */
  public String word() {
    return word;
  }

  /**
   * The stage of a task.
   *
   * @param classes the classes on its stack, innermost first
   */
  static Stage of(List<String> classes) {
    for (String type : classes) {
      if (type.startsWith(PREPARE + "source.")) {
        return READ_AND_HASH;
      } else if (type.startsWith(PREPARE + "image.")) {
        return classes.contains(RESIZER) ? RESIZE : DECODE;
      } else if (type.startsWith(PREPARE + "patch.")) {
        return CUT;
      } else if (type.startsWith(PREPARE + "table.")) {
        return WRITE;
      }
    }
    return OTHER;
  }
}
