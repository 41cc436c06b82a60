/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.common.failure.SplitMaskException;

/** Makes the session: what spark-submit gave, or a quiet local one. */
public final class SparkSessions {
  private static final Logger LOG = LoggerFactory.getLogger(SparkSessions.class);
  private static final String LOCAL_SHUFFLE_TASKS = "8";
  private static final String LOCAL_BUFFER_BYTES = "65536";

  /** As in the files of conf/spark, which have more of it. */
  private static final String UTF8_LOCALE = "C.UTF-8";

  private static final AtomicBoolean STARTED = new AtomicBoolean();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String SERIALIZER = "spark.serializer";
  private static final String JAVA_SERIALIZER = "org.apache.spark.serializer.JavaSerializer";

  /** A setting of Spark's, by {@code --conf}: the longest wait for the cluster to start us. */
  static final String START_TIMEOUT = "spark.splitmask.startTimeout";

  /** A nightly queue is longer full than some minutes, and shorter than a night. */
  private static final String DEFAULT_START_TIMEOUT = "2h";

  private static final Duration LONGEST_START = Duration.ofDays(7);

  private SparkSessions() {}

  /**
   * The session of an application.
   *
   * @throws SplitMaskException blaming the user where Spark refuses its settings, for instance more
   *     memory than any machine of the cluster has; blaming the cluster where it does not answer
   */
  public static SparkSession start(String name) {
    SparkConf conf = settings(name);
    SparkSession session = begun(conf);
    // Spark gives up a master that does not answer in another thread, and returns all the same.
    Check.cluster(
        !session.sparkContext().isStopped(),
        "%s does not answer, or has ended the application; check whether it is up, and its address",
        conf.get("spark.master"));
    return session;
  }

  /** Whether this process has had a session. */
  static boolean wasStarted() {
    return STARTED.get();
  }

  private static SparkSession begun(SparkConf conf) {
    STARTED.set(true);
    try {
      return SlowStart.watched(
          conf.get("spark.master"),
          PATIENCE,
          mostToStart(conf),
          LOG::warn,
          () -> SparkSession.builder().config(conf).getOrCreate());
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof IOException) {
        throw e; // so Hadoop says that a host has no address
      }
      throw new SplitMaskException(
          Blame.USER,
          "Spark refuses to start: "
              + PlainMessage.of(e)
              + "; correct --master, or the settings of Spark",
          e);
    }
  }

  /** How long a start may wait, for instance in a full queue of YARN's. */
  static Duration mostToStart(SparkConf conf) {
    long seconds;
    try {
      seconds = conf.getTimeAsSeconds(START_TIMEOUT, DEFAULT_START_TIMEOUT);
    } catch (NumberFormatException e) {
      throw new SplitMaskException(
          Blame.USER,
          START_TIMEOUT + " must be a time such as 90s, 30m or 12h, was " + conf.get(START_TIMEOUT),
          e);
    }
    Check.that(
        seconds >= 1 && seconds <= LONGEST_START.toSeconds(),
        "%s must be from 1s to 7d, was %s",
        START_TIMEOUT,
        conf.get(START_TIMEOUT, DEFAULT_START_TIMEOUT));
    return Duration.ofSeconds(seconds);
  }

  static SparkConf settings(String name) {
    SparkConf conf = new SparkConf().setAppName(name);
    if (!conf.contains("spark.master")) {
      conf.setMaster("local[*]");
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      // Else a task without memory would end the process before it could say what is missing.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
      // Iceberg's actions join small tables; the default of 200 tasks is for clusters.
      conf.setIfMissing("spark.sql.shuffle.partitions", LOCAL_SHUFFLE_TASKS);
      conf.setIfMissing("spark.hadoop.fs.file.impl", QuickLocalFileSystem.class.getName());
      // Hadoop's default, 4096 bytes, is forty calls of the system for one picture's patches.
      conf.setIfMissing("spark.hadoop.io.file.buffer.size", LOCAL_BUFFER_BYTES);
    }
    keepJavaSerializer(conf);
    // Else executors that a daemon started without a locale would lose file names outside ASCII.
    conf.setIfMissing("spark.executorEnv.LC_ALL", UTF8_LOCALE);
    return conf;
  }

  /**
   * Sets Java's serialiser, whatever the cluster's default is. Tasks return records, and Kryo
   * cannot fill their fields. A cluster's default is set for other people's jobs, so it is no error
   * of the user's that a command could refuse: the command works without it.
   */
  private static void keepJavaSerializer(SparkConf conf) {
    String given = conf.get(SERIALIZER, JAVA_SERIALIZER);
    if (!given.equals(JAVA_SERIALIZER)) {
      LOG.info("{}={} is not used: records need Java's serialiser", SERIALIZER, given);
    }
    conf.set(SERIALIZER, JAVA_SERIALIZER);
  }
}
