/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import java.util.function.IntConsumer;
import org.apache.spark.SparkException;
import org.apache.spark.SparkUserAppException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends an application so that whoever started it learns its exit code. */
public final class ApplicationEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationEnd.class);

  /** Spark sets it in every driver that it starts, and nowhere else. */
  private static final String STARTED_BY_SPARK = "spark.submit.deployMode";

  private ApplicationEnd() {}

  /**
   * Ends the application. A plain JVM exits with the code. Where Spark runs the main class, it
   * waits for its end: YARN takes {@link System#exit} for a failure, even with 0, and runs the
   * application again. So it returns when all is done, and throws Spark's own exception, which
   * carries the code, when it is not.
   *
   * @param exit of the process
   * @throws SparkException with the code, where Spark runs the main class
   */
  public static void with(int exitCode, IntConsumer exit) throws SparkException {
    String mode = System.getProperty(STARTED_BY_SPARK);
    if (mode == null) {
      exit.accept(exitCode);
    } else if (exitCode != 0) {
      throw new SparkUserAppException(exitCode);
    } else if (mode.equals("cluster") && "yarn".equals(System.getProperty("spark.master"))) {
      contentYarn();
    }
  }

  /**
   * YARN takes an application that never had a Spark context for failed, and some commands need
   * none. A short one without executors is enough.
   */
  private static void contentYarn() {
    if (!SparkSessions.wasStarted()) {
      System.setProperty("spark.executor.instances", "0");
      System.setProperty("spark.dynamicAllocation.enabled", "false");
      try {
        SparkSessions.start("splitmask").stop();
      } catch (RuntimeException e) {
        LOG.warn("the command is done, but YARN will take it for failed: {}", e.getMessage());
      }
    }
  }
}
