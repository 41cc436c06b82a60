/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;

/** The one session of all integration tests: two threads, no UI, loopback only. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session; a new one where a command under test has closed it. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("integration tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.hadoop.fs.full.impl", FullDisk.class.getName())
        .config("spark.hadoop.fs.counted.impl", CountedFiles.class.getName())
        .config("spark.hadoop.fs.slow.impl", SlowFiles.class.getName())
        .getOrCreate();
  }

  /** A console that nobody reads. */
  public static Console quietConsole() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    return new Console(Display.PLAIN_LINES, nowhere, System::nanoTime);
  }
}
