/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.splitmask.common.failure.Check;

/**
 * How this JVM reads the bytes of file names and of the command line. A JDK takes it from the
 * locale when it starts, and nothing can change it afterwards; with any but UTF-8 it turns what is
 * outside ASCII into question marks, so that such files are neither found nor named.
 */
public final class FileNameEncoding {
  private static final String HERE = System.getProperty("sun.jnu.encoding", "");

  private FileNameEncoding() {}

  /** The name of the encoding of this JVM. */
  public static String ofThisJvm() {
    return HERE;
  }

  /** Refuses to go on in a command whose JVM cannot read every file name. */
  public static void checkCommand(String encoding) {
    Check.that(
        isUtf8(encoding),
        "this JVM reads file names and arguments as %s (sun.jnu.encoding), which loses what is"
            + " outside ASCII, because its locale is not UTF-8; set LC_ALL=C.UTF-8 (or another"
            + " UTF-8 locale that `locale -a` lists) for this command; for a driver in cluster mode"
            + " spark.yarn.appMasterEnv.LC_ALL=C.UTF-8, spark.kubernetes.driverEnv.LC_ALL=C.UTF-8,"
            + " or LC_ALL=C.UTF-8 in conf/spark-env.sh of a standalone cluster",
        encoding);
  }

  /** Refuses to go on in a task whose executor cannot read every file name; costs nothing. */
  public static void checkExecutor() {
    checkExecutor(HERE);
  }

  static void checkExecutor(String encoding) {
    Check.that(
        isUtf8(encoding),
        "an executor reads file names as %s (sun.jnu.encoding), which loses what is outside ASCII,"
            + " because its locale is not UTF-8; set --conf spark.executorEnv.LC_ALL=C.UTF-8, or"
            + " another UTF-8 locale that the cluster's machines have",
        encoding);
  }

  private static boolean isUtf8(String encoding) {
    try {
      return Charset.forName(encoding).equals(UTF_8);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return false;
    }
  }
}
