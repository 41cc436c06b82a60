/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where lines end, and what is said of bytes that are no text; {@code LabelFileTest} has more. */
class LabelLinesTest {
  private static final int LONGEST = 1 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void theByteOfAFaultIsCountedOverTheEndsOfLines(String end) {
    byte[] head = ("a\t1\0" + end + end + "b\t2" + end + "c\t").getBytes(StandardCharsets.UTF_8);

    refused(
        join(head, (byte) 0xE4),
        "line 4 of the label file labels.tsv is no UTF-8",
        "0xE4 at byte " + head.length + " of the file");
  }

  @Test
  void aFaultAtTheBeginningOfALineIsOne() {
    refused(join("a\n".getBytes(StandardCharsets.UTF_8), (byte) 0xE4), "line 2", "at byte 2 of");
  }

  @Test
  void aZeroAtTheBeginningOfALineDoesNotEndTheFile() throws IOException {
    assertThat(lines("a.jpg\that\n\0b.jpg\that\n".getBytes(StandardCharsets.UTF_8)))
        .containsExactly("a.jpg\that", "\0b.jpg\that");
  }

  @Test
  void aLineOfAMebibyteIsReadAndALongerOneIsNot() throws IOException {
    byte[] longest = "x".repeat(LONGEST).getBytes(StandardCharsets.UTF_8);

    assertThat(lines(longest)).hasSize(1);
    refused(join(longest, (byte) 'x'), "line 1", "from byte 0 on, is longer than 1048576 bytes");
  }

  /** Without one zero: text of such letters is known by its mark alone. */
  @ParameterizedTest
  @CsvSource({"UTF-16LE, UTF-16LE", "UTF-16BE, UTF-16BE"})
  void wideTextIsKnownByItsMark(String charset, String named) {
    refused(
        "\uFEFF\u732B\u72AC\u732B".getBytes(Charset.forName(charset)),
        "labels.tsv is " + named,
        "by its byte order mark");
  }

  @Test
  void fourBytesForALetterAreNamed() {
    byte[] wide = "\uFEFFa\tb\n".getBytes(Charset.forName("UTF-32LE"));

    refused(wide, "labels.tsv is UTF-32LE", "by its byte order mark", "-f UTF-32LE");
    // The mark, and one zero: a letter of UTF-16 whose lower half is none.
    refused(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 0}, "labels.tsv is UTF-32LE");
    refused(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1}, "labels.tsv is UTF-16LE");
    refused(new byte[] {(byte) 0xFF, (byte) 0xFE, 1, 0}, "labels.tsv is UTF-16LE");
    refused(new byte[] {(byte) 0xFF, (byte) 0xFE}, "labels.tsv is UTF-16LE");
  }

  @Test
  void wideTextWithoutAMarkIsKnownByItsZeros() {
    for (String charset : List.of("UTF-16LE", "UTF-16BE")) {
      refused(
          "path\tlabel\n".getBytes(Charset.forName(charset)),
          "labels.tsv is " + charset,
          "by a zero at every other byte");
    }
  }

  @Test
  void aFewZerosMakeNoWideText() throws IOException {
    assertThat(lines(new byte[] {'a'})).containsExactly("a");
    assertThat(lines(new byte[] {'a', 0})).containsExactly("a\0");
    assertThat(lines("a.jpg\0\thats and bags\0\n".getBytes(StandardCharsets.UTF_8))).hasSize(1);
    assertThat(lines(new byte[] {'a', 0, 0, 'b', 0, 0})).as("not every other").hasSize(1);
    assertThat(lines(new byte[0])).isEmpty();
  }

  private static List<String> lines(byte[] content) throws IOException {
    LabelLines lines = new LabelLines("labels.tsv", new ByteArrayInputStream(content));
    List<String> all = new ArrayList<>();
    for (String line = lines.next(); line != null; line = lines.next()) {
      all.add(line);
      assertThat(lines.number()).isEqualTo(all.size());
    }
    return all;
  }

  private static byte[] join(byte[] head, byte last) {
    byte[] all = Arrays.copyOf(head, head.length + 1);
    all[head.length] = last;
    return all;
  }

  private static void refused(byte[] content, String... parts) {
    assertThatThrownBy(() -> lines(content)).hasMessageContainingAll(parts);
  }
}
