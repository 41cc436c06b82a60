/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Makes the session: what spark-submit gave, or a quiet local one. */
final class SparkSessions {
  private SparkSessions() {}

  static SparkSession start(String name) {
    SparkConf conf = new SparkConf().setAppName(name);
    if (!conf.contains("spark.master")) {
      conf.setMaster("local[*]");
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    // Tasks return records, which Kryo cannot fill.
    conf.setIfMissing("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
    return SparkSession.builder().config(conf).getOrCreate();
  }
}
