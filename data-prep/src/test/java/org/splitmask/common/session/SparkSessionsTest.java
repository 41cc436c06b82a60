/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SparkSessionsTest {
  private static final String LOCALE = "spark.executorEnv.LC_ALL";
  private static final String SERIALIZER = "spark.serializer";

  @AfterEach
  void forgetTheSettings() {
    System.clearProperty(LOCALE);
    System.clearProperty("spark.master");
    System.clearProperty(SERIALIZER);
  }

  @Test
  void executorsGetALocaleInUtf8WithoutTheLauncherToo() {
    System.setProperty("spark.master", "spark://host:7077");

    SparkConf settings = SparkSessions.settings("test");

    assertThat(settings.get(LOCALE)).isEqualTo("C.UTF-8");
    assertThat(settings.get("spark.master")).isEqualTo("spark://host:7077");
  }

  @Test
  void filesOfThisMachineAreWrittenInLargePartsByTheLocalSessionAlone() {
    String key = "spark.hadoop.io.file.buffer.size";
    assertThat(SparkSessions.settings("test").get(key)).isEqualTo("65536");
    System.setProperty("spark.master", "spark://host:7077");
    assertThat(SparkSessions.settings("test").contains(key)).as("a cluster has its own").isFalse();
  }

  @Test
  void theLocaleThatSomebodyChoseStays() {
    System.setProperty(LOCALE, "en_US.UTF-8");

    assertThat(SparkSessions.settings("test").get(LOCALE)).isEqualTo("en_US.UTF-8");
  }

  @Test
  void recordsKeepJavasSerialiserWhateverTheClusterHas() {
    assertThat(SparkSessions.settings("test").get(SERIALIZER)).endsWith(".JavaSerializer");

    System.setProperty(SERIALIZER, "org.apache.spark.serializer.KryoSerializer");

    assertThat(SparkSessions.settings("test").get(SERIALIZER)).endsWith(".JavaSerializer");
  }
}
