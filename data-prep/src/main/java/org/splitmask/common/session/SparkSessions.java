/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Makes the session: what spark-submit gave, or a quiet local one. */
public final class SparkSessions {
  private static final String LOCAL_SHUFFLE_TASKS = "8";

  /** As in conf/spark/cluster.properties, which has more of it. */
  private static final String UTF8_LOCALE = "C.UTF-8";

  private SparkSessions() {}

  /** The session of an application. */
  public static SparkSession start(String name) {
    return SparkSession.builder().config(settings(name)).getOrCreate();
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
    }
    // Tasks return records, which Kryo cannot fill.
    conf.setIfMissing("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
    // Else executors that a daemon started without a locale would lose file names outside ASCII.
    conf.setIfMissing("spark.executorEnv.LC_ALL", UTF8_LOCALE);
    return conf;
  }
}
