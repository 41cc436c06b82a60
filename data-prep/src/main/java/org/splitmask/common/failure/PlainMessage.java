/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Other people's failures in one line: without names of exceptions, identities of objects and
 * traces.
 */
public final class PlainMessage {
  /** Not inside a path, which is the user's own. */
  private static final String TYPE = "(?<![\\w/.$])(?:[a-z_][\\w$]*\\.)+([A-Z][\\w$]*)";

  private static final Pattern PREFIX =
      Pattern.compile(TYPE + "(?:Exception|Error|Throwable|Failure)(?: \\(\\w+\\))?: ?");

  /** The JDK's, whose messages are the file alone: their names are all that says what is wrong. */
  private static final Pattern OF_FILE =
      Pattern.compile(
          "java\\.nio\\.file\\.(AccessDenied|NoSuchFile|NotDirectory|FileAlreadyExists"
              + "|DirectoryNotEmpty)Exception: ");

  private static final Pattern NAME = Pattern.compile(TYPE + "(?:Exception|Error)\\b");
  private static final Pattern IDENTITY = Pattern.compile(TYPE + "@[0-9a-f]{1,8}\\b");
  private static final Pattern ARRAY =
      Pattern.compile("\\[+(?:[BCDFIJSZ]|L[\\w.$]+;)@[0-9a-f]{1,8}\\b");
  private static final Pattern QUALIFIED = Pattern.compile(TYPE);
  private static final Pattern TRACE =
      Pattern.compile("\\n(?:\\s+at |\\s*Driver stacktrace|\\s*$)");
  private static final Pattern SPARK_JOB =
      Pattern.compile("Job aborted|Task \\S+ in stage|Lost task|Exception thrown in awaitResult");
  private static final Pattern LOST_TASK =
      Pattern.compile("^.*Lost task \\S+ in stage \\S+ \\(TID \\d+\\)(?: \\([^)]*\\))?: ");

  /** Of a task that may run nowhere any more; what it failed with comes behind. */
  private static final Pattern EXCLUDED =
      Pattern.compile("(?s)^.*?Aborting TaskSet.*?Most recent failure:\\s*");

  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

  private PlainMessage() {}

  /** What happened, from the deepest cause, and where it does not say that itself, around what. */
  public static String of(Throwable failure) {
    List<Throwable> chain = Diagnosis.chain(failure);
    Throwable deepest = chain.get(chain.size() - 1);
    String cause = line(deepest);
    String whole = failure == deepest ? cause : line(failure);
    if (chain.stream().anyMatch(at -> SPARK_JOB.matcher(String.valueOf(at.getMessage())).find())) {
      return "a Spark job failed: " + cause;
    }
    return whole.contains(cause) ? whole : whole + " (cause: " + cause + ")";
  }

  /** As {@link #of}, but a message about classes, which only a programmer understands, is words. */
  static String ofDefect(Throwable failure) {
    String message = of(failure);
    List<Throwable> chain = Diagnosis.chain(failure);
    return QUALIFIED.matcher(message).find()
        ? words(chain.get(chain.size() - 1).getClass().getSimpleName())
        : message;
  }

  private static String line(Throwable failure) {
    String message = failure.getMessage();
    String told = message == null ? "" : EXCLUDED.matcher(message).replaceFirst("");
    String first = told.strip().lines().findFirst().orElse("");
    String plain = clean(LOST_TASK.matcher(first).replaceFirst(""));
    if (plain.isBlank()) {
      return words(failure.getClass().getSimpleName());
    }
    return failure instanceof FileSystemException of && of.getReason() == null
        ? words(failure.getClass().getSimpleName()) + ": " + plain
        : plain;
  }

  /** A message without the names of exceptions in it, and without a trace behind it. */
  public static String clean(@Nullable String message) {
    if (message == null) {
      return "";
    }
    Matcher trace = TRACE.matcher(message);
    String text = trace.find() ? message.substring(0, trace.start()) : message;
    text = OF_FILE.matcher(text).replaceAll(found -> words(found.group(1)) + ": ");
    text = PREFIX.matcher(text).replaceAll("");
    text = NAME.matcher(text).replaceAll(found -> words(found.group(1)));
    text = ARRAY.matcher(text).replaceAll("an array");
    return IDENTITY.matcher(text).replaceAll(found -> "a " + words(found.group(1))).strip();
  }

  /** ClosedChannelException is "closed channel". */
  private static String words(String type) {
    String name =
        type.substring(type.lastIndexOf('$') + 1).replaceFirst("(?:Exception|Error)$", "");
    String words = HUMP.matcher(name).replaceAll("$1 $2").toLowerCase(Locale.ROOT);
    return words.isBlank() ? "failure without a message" : words;
  }
}
