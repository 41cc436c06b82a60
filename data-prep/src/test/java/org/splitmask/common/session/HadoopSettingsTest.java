/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopSettingsTest {
  private static final String ENDPOINT = "spark.hadoop.fs.s3a.endpoint";

  @TempDir private Path folder;

  @AfterEach
  void forget() {
    System.clearProperty(ENDPOINT);
  }

  @Test
  void settingsOfSparkSubmitCountWithoutASession() {
    System.setProperty(ENDPOINT, "http://127.0.0.1:9000");

    assertThat(HadoopSettings.ofApplication().get("fs.s3a.endpoint"))
        .isEqualTo("http://127.0.0.1:9000");
  }

  @Test
  void aLocalFileGoesFirstAndOtherWordsAreHadoops() throws IOException {
    Path here = Files.writeString(folder.resolve("a b.yaml"), "");

    assertThat(HadoopSettings.file(here.toString()).toUri().getScheme()).isEqualTo("file");
    assertThat(HadoopSettings.file(here.toString()).toUri().getPath()).isEqualTo(here.toString());
    assertThat(HadoopSettings.file("conf/none.yaml").toString()).isEqualTo("conf/none.yaml");
    assertThat(HadoopSettings.file("hdfs://host/a.yaml").toString()).isEqualTo("hdfs://host/a.yaml");
  }
}
