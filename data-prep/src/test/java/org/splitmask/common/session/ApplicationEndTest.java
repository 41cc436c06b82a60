/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.SparkUserAppException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApplicationEndTest {
  private static final String MODE = "spark.submit.deployMode";
  private final List<Integer> exits = new ArrayList<>();

  @AfterEach
  void forgetTheMode() {
    System.clearProperty(MODE);
  }

  @Test
  void aPlainJvmExitsWithTheCode() throws SparkException {
    ApplicationEnd.with(0, exits::add);
    ApplicationEnd.with(3, exits::add);

    assertThat(exits).containsExactly(0, 3);
  }

  @Test
  void underSparkItReturnsWhenAllIsDoneAndElseThrowsTheCode() throws SparkException {
    for (String mode : List.of("client", "cluster")) {
      System.setProperty(MODE, mode);
      ApplicationEnd.with(0, exits::add);
      assertThatThrownBy(() -> ApplicationEnd.with(4, exits::add))
          .isInstanceOfSatisfying(
              SparkUserAppException.class, e -> assertThat(e.exitCode()).isEqualTo(4));
    }
    assertThat(exits).isEmpty();
  }
}
