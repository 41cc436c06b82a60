/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapedNameTest {
  @ParameterizedTest
  @CsvSource({
    "plain.jpg, 706c61696e2e6a7067",
    "Käfer, 4bc3a4666572",
    "K\\xE4fer, 4be4666572",
    "\\x94L/1, 944c2f31",
    "back\\slash, 6261636b5c736c617368",
    "a\\x5CxE4b, 615c78453462",
    "a\\xe4b, 615c78653462",
    "\\xC3, c3",
    "\\xED\\xA0\\x80, eda080",
    "猫\\xFF犬, e78cabffe78aac"
  })
  void bytesThatAreNoUtf8AreWrittenInHexadecimal(String text, String bytes) {
    byte[] name = HexFormat.of().parseHex(bytes);

    assertThat(EscapedName.of(name)).isEqualTo(text);
    assertThat(EscapedName.bytes(text)).isEqualTo(name);
  }

  @Property
  void everyTextLeadsBackToItsBytes(@ForAll @Size(max = 40) byte[] name) {
    assertThat(EscapedName.bytes(EscapedName.of(name))).isEqualTo(name);
  }

  @Property
  void whatIsTextStaysAsItIsUnlessItLooksEscaped(@ForAll String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String name = new String(bytes, StandardCharsets.UTF_8);

    assertThat(EscapedName.of(bytes)).isEqualTo(name.replaceAll("\\\\(?=x[0-9A-F]{2})", "\\\\x5C"));
    assertThat(EscapedName.isEscaped(EscapedName.of(bytes))).isFalse();
  }

  @Test
  void aCharsetGivesTheTextAndEscapesWhatItDoesNotKnow() {
    Charset japanese = Charset.forName("windows-31j");
    byte[] cat = "猫".getBytes(japanese);

    assertThat(EscapedName.of(cat)).isEqualTo("\\x94L");
    assertThat(EscapedName.of(cat, japanese)).isEqualTo("猫");
    assertThat(EscapedName.of(new byte[] {(byte) 0x94}, japanese)).isEqualTo("\\x94");
  }
}
