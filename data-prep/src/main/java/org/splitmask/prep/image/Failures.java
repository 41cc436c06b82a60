/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.util.regex.Pattern;

/** What a library's exception says, as it may stand in the detail of a rejected file. */
final class Failures {
  private static final int LONGEST = 200;

  /** Names of classes, with the identity of an object or without: they change from run to run. */
  private static final Pattern OBJECT =
      Pattern.compile(
          "\\b(?:[a-z][\\w$]*\\.){2,}[\\w$.]+(?:@[0-9a-f]+)?|[\\w$.\\[;]+@[0-9a-f]{4,}");

  private static final String SILENT =
      "without a message, as decoders do where the data contradicts itself";

  private Failures() {}

  /** The first line of its message, without names of classes; or what kind of failure it was. */
  static String line(Exception e) {
    if (isSlip(e)) {
      return SILENT;
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    String plain = OBJECT.matcher(message).replaceAll("…").strip();
    boolean saysNothing = e.getMessage() == null || plain.isEmpty() || plain.equals("…");
    if (saysNothing) {
      return SILENT;
    }
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
  }

  /** The message of these is about the decoder's own variables and classes. */
  private static boolean isSlip(Exception e) {
    return e instanceof NullPointerException
        || e instanceof ClassCastException
        || e instanceof IndexOutOfBoundsException
        || e instanceof NegativeArraySizeException;
  }
}
