/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Hadoop's filesystems as an application sees them before it has a Spark session. */
public final class HadoopSettings {
  private HadoopSettings() {}

  /** Hadoop's settings with those that spark-submit was given as {@code spark.hadoop.*}. */
  public static Configuration ofApplication() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }

  /** Whether spark-submit has started this driver on a machine of the cluster. */
  public static boolean isDriverElsewhere() {
    return "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /**
   * The file that a word of the command line means. A word with a scheme is a file of that
   * filesystem. Of a word without one, the file of that name on this machine goes first: in cluster
   * mode {@code spark-submit --files} has put it into the driver's working directory. Else it is on
   * the cluster's default filesystem, as every other path is.
   */
  public static org.apache.hadoop.fs.Path file(String word) {
    try {
      Path local = Path.of(word);
      if (Files.isRegularFile(local)) {
        return new org.apache.hadoop.fs.Path(local.toAbsolutePath().normalize().toUri());
      }
    } catch (InvalidPathException e) {
      // A URI, perhaps; Hadoop says what is wrong with it.
    }
    return new org.apache.hadoop.fs.Path(word);
  }
}
