/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafeTensorsTest {
  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    byte[] bytes = written();
    SafeTensors read = SafeTensors.read(new ByteArrayInputStream(bytes), "a", bytes.length);

    assertThat(read.metadata()).containsEntry("format", "test");
    assertThat(read.tensor("x").shape()).containsExactly(2, 2);
    assertThat(read.tensor("x").floats()).containsExactly(1f, 2f, 3f, 4f);
    assertThat((8 + bytes[0]) % 8).as("alignment of the data").isZero();
  }

  @Test
  void aFileThatEndsEarlyIsRefused() throws IOException {
    byte[] bytes = written();
    assertThatThrownBy(
            () ->
                SafeTensors.read(
                    new ByteArrayInputStream(bytes, 0, bytes.length - 1), "a", bytes.length))
        .hasMessageContaining("a ends inside tensor x");
  }

  @Test
  void aHeaderThatLiesAboutItsLengthIsRefusedBeforeItIsRead() {
    byte[] bytes = new byte[16];
    java.util.Arrays.fill(bytes, (byte) 0x7f);
    assertThatThrownBy(() -> SafeTensors.read(new ByteArrayInputStream(bytes), "a", 16))
        .hasMessageContaining("not a safetensors file")
        .hasMessageContaining("claims");
  }

  @Test
  void aTensorLargerThanTheFileIsRefused() {
    String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[500000],\"data_offsets\":[0,2000000]}}";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[8 + text.length];
    bytes[0] = (byte) text.length;
    System.arraycopy(text, 0, bytes, 8, text.length);
    assertThatThrownBy(() -> SafeTensors.read(new ByteArrayInputStream(bytes), "a", bytes.length))
        .hasMessageContaining("tensor x lies at [0, 2000000)");
  }

  private static byte[] written() throws IOException {
    SafeTensors.Tensor tensor = SafeTensors.Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SafeTensors(Map.of("format", "test"), Map.of("x", tensor)).write(out);
    return out.toByteArray();
  }
}
