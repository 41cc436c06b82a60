/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class PngTextTest {
  private static final String KEYWORD = "Raw profile type exif\0\0";

  @Test
  void ofABombOnlyAPartIsInflated() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(KEYWORD.getBytes(ISO_8859_1));
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bomb)) {
      deflater.write(new byte[1 << 25]);
    }

    assertThat(PngText.inflated(bomb.toByteArray(), KEYWORD.length()).length).isBetween(1, 1 << 20);
  }
}
