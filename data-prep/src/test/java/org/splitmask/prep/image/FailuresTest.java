/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Details of rejected files are for people, and the same in every run. */
class FailuresTest {
  @ParameterizedTest
  @CsvSource({
    "Unsupported Image Type,Unsupported Image Type",
    "'class java.awt.image.BufferedImage@1a2b3c is odd',class … is odd",
    "'bad raster: ByteInterleavedRaster@2a139a55 of 3',bad raster: … of 3",
    "'[B@7cd84586',SILENT",
    "'java.lang.NullPointerException',SILENT",
    "'Size 3.13.1 of version 4.2',Size 3.13.1 of version 4.2",
    "'OpenCV(4.13.0) loadsave.cpp:83: error: too large','OpenCV(4.13.0) loadsave.cpp:83: error: too large'"
  })
  void namesNoClassAndNoObject(String message, String expected) {
    String silent = "without a message, as decoders do where the data contradicts itself";

    assertThat(Failures.line(new IOException(message)))
        .isEqualTo(expected.equals("SILENT") ? silent : expected);
  }

  @Test
  void isOneLineOfBoundedLength() {
    assertThat(Failures.line(new IOException("first\nsecond"))).isEqualTo("first");
    assertThat(Failures.line(new IOException("x".repeat(5_000)))).hasSize(201);
    assertThat(Failures.line(new IllegalStateException((String) null)))
        .contains("without a message");
    assertThat(Failures.line(new IllegalStateException(""))).contains("without a message");
  }

  @Test
  void tellsNothingOfADecodersOwnVariables() {
    assertThat(Failures.line(new IndexOutOfBoundsException("Index 3 out of bounds for length 3")))
        .contains("without a message");
    assertThat(Failures.line(new ClassCastException("class [B cannot be cast to class [S")))
        .contains("without a message");
    assertThat(Failures.line(new NullPointerException("because \"<local4>\" is null")))
        .contains("without a message");
  }
}
