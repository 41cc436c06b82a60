/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

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

  /** Blanks to the next multiple of eight, and not one more. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void theHeaderIsFilledWithBlanks(int letters) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SafeTensors(Map.of("a", "b".repeat(letters)), Map.of()).write(out);

    String text = "{\"__metadata__\":{\"a\":\"" + "b".repeat(letters) + "\"}}";
    int padded = (text.length() + 7) / 8 * 8;
    assertThat(out.toByteArray())
        .startsWith(padded, 0, 0, 0, 0, 0, 0, 0)
        .endsWith((text + " ".repeat(padded - text.length())).getBytes(StandardCharsets.UTF_8))
        .hasSize(8 + padded);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|2|0|",
        "{}|3|0|claims 3 bytes of 10",
        "{}|0|0|claims 0 bytes of 10",
        "{}|-1|0|claims -1 bytes of 10",
        "{}|100000001|0|claims 100000001 bytes of 10",
        "[]|2|0|its header is not a JSON object",
        "{{|2|0|its header is not a JSON object",
        "{'x':{'dtype':'U8','shape':[3],'data_offsets':[0,3]}}|0|3|",
        "{'x':{'dtype':'U8','shape':[3],'data_offsets':[0,3]}}|0|2|to end within 2 bytes",
        "{'x':{'dtype':'U8','shape':[3],'data_offsets':[1,4]}}|0|9|expected to start at 0",
        "{'x':{'dtype':'U8','shape':[4],'data_offsets':[0,3]}}|0|9|claims 4 elements of U8 in [0,",
        "{'x':{'dtype':'U8','shape':[],'data_offsets':[0,1]}}|0|1|",
        "{'x':{'dtype':'U8','shape':[0,5],'data_offsets':[0,0]}}|0|0|",
        "{'x':{'dtype':'U8','shape':[-1],'data_offsets':[0,1]}}|0|9|has a side -1",
        "{'x':{'dtype':'U8','shape':[2147483648],'data_offsets':[0,1]}}|0|9|has a side 2147483648",
        "{'x':{'dtype':'U8','shape':[2147483647],'data_offsets':[0,1]}}|0|9|claims 2147483647 el",
        "{'x':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,0]}}|0|9|elements of F32",
        "{'x':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}|0|9|unsupported type F64",
        "{'x':{'shape':[1],'data_offsets':[0,1]}}|0|9|unsupported type",
        "{'x':{'dtype':'U8','shape':[1]}}|0|9|claims 1 elements of U8 in [-1, -1)"
      })
  void everythingThatAHeaderClaimsIsChecked(
      String header, long claimed, int dataBytes, @Nullable String message) throws IOException {
    String text = header.replace('\'', '"');
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length() + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean isTrue = text.startsWith("{\"x");
    file.putLong(isTrue ? text.length() : claimed).put(text.getBytes(StandardCharsets.UTF_8));
    ByteArrayInputStream in = new ByteArrayInputStream(file.array());

    if (message == null) {
      assertThat(SafeTensors.read(in, "a", file.capacity()).tensors()).hasSize(isTrue ? 1 : 0);
    } else {
      assertThatThrownBy(() -> SafeTensors.read(in, "a", file.capacity()))
          .hasMessageContaining(message)
          .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aFileWithoutRoomForAHeaderIsRefused(int bytes) {
    assertThatThrownBy(
            () -> SafeTensors.read(new ByteArrayInputStream(new byte[bytes]), "a", bytes))
        .hasMessage("a is not a safetensors file: " + bytes + " bytes");
  }

  @Test
  void aFileWithRoomForNothingElseHasNoHeader() {
    assertThatThrownBy(() -> SafeTensors.read(new ByteArrayInputStream(new byte[8]), "a", 8))
        .hasMessage("a is not a safetensors file: its header claims 0 bytes of 8");
  }

  @Test
  void valuesAreReadAsWhatTheyAre() {
    SafeTensors.Tensor tensor = SafeTensors.Tensor.of(new float[] {1.5f, -2}, 2);

    assertThat(tensor.bytes()).containsExactly(0, 0, -64, 63, 0, 0, 0, -64);
    assertThatThrownBy(tensor::ints).hasMessage("expected I32 values, found F32");
    SafeTensors.Tensor whole =
        new SafeTensors.Tensor(
            SafeTensorsHeader.Type.I32,
            new long[] {2},
            ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 1, 0, 0}));
    assertThat(whole.ints()).containsExactly(1, 256);
    assertThatThrownBy(whole::floats).hasMessage("expected F32 values, found I32");
    assertThatThrownBy(() -> new SafeTensors(Map.of(), Map.of("x", whole)).tensor("y"))
        .hasMessage("no tensor named y; there are [x]");
  }

  /** Longer than what is copied at a time. */
  @Test
  void aLargeTensorIsWrittenWhole() throws IOException {
    float[] values = new float[400_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SafeTensors(Map.of(), Map.of("x", SafeTensors.Tensor.of(values, values.length))).write(out);

    byte[] bytes = out.toByteArray();
    assertThat(
            SafeTensors.read(new ByteArrayInputStream(bytes), "a", bytes.length)
                .tensor("x")
                .floats())
        .isEqualTo(values);
  }

  private static byte[] written() throws IOException {
    SafeTensors.Tensor tensor = SafeTensors.Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SafeTensors(Map.of("format", "test"), Map.of("x", tensor)).write(out);
    return out.toByteArray();
  }
}
