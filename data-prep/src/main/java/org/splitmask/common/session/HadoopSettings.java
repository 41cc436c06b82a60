/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings for commands that start no Spark. */
public final class HadoopSettings {
  private static final String PREFIX = "spark.hadoop.";

  private HadoopSettings() {}

  /**
   * The settings that a Spark session of this JVM would have: those of Hadoop's files on the class
   * path, and over them the system properties that begin with {@code spark.hadoop}, which
   * spark-submit and {@code SPLITMASK_JAVA_OPTIONS} set.
   */
  public static Configuration ofThisJvm() {
    Configuration hadoop = new Configuration();
    for (String property : System.getProperties().stringPropertyNames()) {
      if (property.startsWith(PREFIX)) {
        hadoop.set(property.substring(PREFIX.length()), System.getProperty(property));
      }
    }
    return hadoop;
  }
}
