/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.source.Listings.assertBroken;
import static org.splitmask.prep.source.Listings.items;
import static org.splitmask.prep.source.Listings.read;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.Archives;
import org.splitmask.prep.Archives.ParquetShape;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.ParquetColumns;
import org.splitmask.prep.source.item.SourceItem;

class ParquetWordsTest {
  private static final byte[] NO_TEXT = {'B', (byte) 0xE4, 'r'};

  @TempDir private Path folder;

  @Test
  void unsignedNumbersAreUnsigned() {
    assertThat(labels("int32 word (INTEGER(8,false))", 0, 255)).containsExactly("0", "255");
    assertThat(labels("int32 word (INTEGER(16,false))", 65_535)).containsExactly("65535");
    assertThat(labels("int32 word (INTEGER(32,false))", -294_967_296))
        .containsExactly("4000000000");
    assertThat(labels("int64 word (INTEGER(64,false))", -1L))
        .containsExactly("18446744073709551615");
    assertThat(labels("int32 word (UINT_32)", -1)).containsExactly("4294967295");
  }

  @Test
  void signedNumbersKeepTheirSign() {
    assertThat(labels("int32 word", -3, 7)).containsExactly("-3", "7");
    assertThat(labels("int32 word (INTEGER(8,true))", -128)).containsExactly("-128");
    assertThat(labels("int64 word", Long.MIN_VALUE)).containsExactly("-9223372036854775808");
  }

  @Test
  void daysAndTimesAreWrittenAsIsoDoes() {
    int day = (int) LocalDate.of(2026, 1, 2).toEpochDay();
    assertThat(labels("int32 word (DATE)", day, -1)).containsExactly("2026-01-02", "1969-12-31");
    long second = day * 86_400L + 3 * 3600 + 4 * 60;
    assertThat(labels("int64 word (TIMESTAMP(MILLIS,true))", second * 1000, -1L))
        .containsExactly("2026-01-02T03:04:00Z", "1969-12-31T23:59:59.999Z");
    assertThat(labels("int64 word (TIMESTAMP(MICROS,true))", second * 1_000_000 + 5))
        .containsExactly("2026-01-02T03:04:00.000005Z");
    assertThat(labels("int64 word (TIMESTAMP(NANOS,true))", second * 1_000_000_000 + 7))
        .containsExactly("2026-01-02T03:04:00.000000007Z");
    assertThat(labels("int64 word (TIMESTAMP(MICROS,false))", second * 1_000_000))
        .as("no zone")
        .containsExactly("2026-01-02T03:04:00");
    assertThat(labels("int32 word (TIME(MILLIS,true))", 3_723_004)).containsExactly("01:02:03.004");
    assertThat(labels("int64 word (TIME(MICROS,true))", 60_000_000L)).containsExactly("00:01:00");
  }

  @Test
  void decimalsHaveTheirScaleHoweverTheyAreStored() {
    assertThat(labels("int32 word (DECIMAL(5,2))", 125, -5)).containsExactly("1.25", "-0.05");
    assertThat(labels("int64 word (DECIMAL(18,3))", 1_000L)).containsExactly("1.000");
    Binary bytes = Binary.fromConstantByteArray(BigInteger.valueOf(-12_345).toByteArray());
    assertThat(labels("binary word (DECIMAL(20,4))", bytes)).containsExactly("-1.2345");
    Binary fixed = Binary.fromConstantByteArray(ByteBuffer.allocate(12).putInt(8, 125).array());
    assertThat(labels("fixed_len_byte_array(12) word (DECIMAL(20,2))", fixed))
        .containsExactly("1.25");
    assertThat(labels("int32 word (DECIMAL(5,0))", 3)).containsExactly("3");
  }

  @Test
  void everyKindOfTextIsText() {
    Binary text = Binary.fromString("h\u00E4t");
    for (String type : List.of("(STRING)", "(ENUM)", "(JSON)", "")) {
      assertThat(labels("binary word " + type, text)).as(type).containsExactly("h\u00E4t");
    }
    assertThat(labels("boolean word", true, false)).containsExactly("true", "false");
    UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    assertThat(labels("fixed_len_byte_array(16) word (UUID)", Binary.fromConstantByteArray(bytes)))
        .containsExactly(uuid.toString());
  }

  @Test
  void whatIsMissingIsNoLabelAndBlanksMakeNoOther() {
    assertThat(
            labels(
                "binary word (STRING)",
                Binary.fromString("cat"),
                null,
                Binary.fromString(""),
                Binary.fromString(" cat\u00A0"),
                Binary.fromString("\uFEFFcat"),
                Binary.fromString("Cat")))
        .containsExactly("cat", null, null, "cat", "cat", "Cat");
  }

  @Test
  void aRowWhoseLabelIsNoTextIsBrokenAndTheOthersAreNot() {
    List<SourceItem> items =
        words(
            "label",
            "binary word",
            Binary.fromString("cat"),
            Binary.fromConstantByteArray(NO_TEXT),
            Binary.fromConstantByteArray(new byte[] {'B', (byte) 0xF6, 'r'}),
            Binary.fromString("dog"));

    assertThat(items)
        .extracting(SourceItem::relativePath)
        .containsExactly("row-00000000", "row-00000001", "row-00000002", "row-00000003");
    assertThat(items).extracting(ParquetWordsTest::label).containsExactly("cat", null, null, "dog");
    assertBroken(items.get(1), Kind.UNREADABLE, "its word is no UTF-8 at byte 1");
    assertBroken(items.get(2), Kind.UNREADABLE, "its word is no UTF-8 at byte 1");
    assertThat(new String(read(items.get(3)), StandardCharsets.UTF_8)).isEqualTo("picture 3");
  }

  @Test
  void namesStayAsTheyAre() {
    List<SourceItem> items =
        words(
            "name",
            "binary word",
            Binary.fromString("a"),
            Binary.fromString(" a"),
            Binary.fromString("\uFEFFa"),
            Binary.fromString(" "),
            Binary.fromConstantByteArray(NO_TEXT));

    assertThat(items)
        .extracting(SourceItem::relativePath)
        .containsExactly("a", " a", "\uFEFFa", "row-00000003", "row-00000004");
    assertBroken(items.get(4), Kind.UNREADABLE, "its word is no UTF-8 at byte 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"float", "double"})
  void floatsAreNoLabels(String type) {
    assertThatThrownBy(() -> labels(type + " word"))
        .hasMessageContainingAll(
            "the column word of", "it must be text, a whole number", "3 and 3.0", "Int64")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int96 word", "binary word (BSON)", "fixed_len_byte_array(4) word"})
  void typesWithoutASpellingAreRefused(String column) {
    assertThatThrownBy(() -> labels(column))
        .hasMessageContaining("it must be text, a whole number, a decimal, a date or a boolean")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  @Test
  void theNamesOfRowsAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      // The locale must be one that would change them, or this shows nothing.
      assertThat(String.format("%d", 12)).isNotEqualTo("12");

      List<SourceItem> items = words("label", "int32 word", 1, 12);

      assertThat(items)
          .extracting(SourceItem::relativePath)
          .containsExactly("row-00000000", "row-00000001");
      assertThat(items).extracting(ParquetWordsTest::label).containsExactly("1", "12");
      int day = (int) LocalDate.of(2026, 1, 2).toEpochDay();
      assertThat(labels("int32 word (DATE)", day)).containsExactly("2026-01-02");
      assertThat(labels("int64 word (TIMESTAMP(MILLIS,true))", 0L))
          .containsExactly("1970-01-01T00:00:00Z");
      assertThat(labels("int32 word (DECIMAL(5,2))", 125)).containsExactly("1.25");
    } finally {
      Locale.setDefault(before);
    }
  }

  private List<@Nullable String> labels(String column, @Nullable Object... values) {
    List<@Nullable String> labels = new ArrayList<>();
    words("label", column, values).forEach(item -> labels.add(label(item)));
    return labels;
  }

  /** The items of a file with a column of values that are its labels, or its names. */
  private List<SourceItem> words(String use, String column, @Nullable Object... values) {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message rows { required binary bytes; optional " + column + "; }");
    List<Group> rows = new ArrayList<>();
    for (Object value : Arrays.asList(values)) {
      SimpleGroup row = new SimpleGroup(schema);
      row.add("bytes", Binary.fromString("picture " + rows.size()));
      add(row, value);
      rows.add(row);
    }
    Path file = folder.resolve("w.parquet");
    Archives.parquet(file, schema, rows, ParquetShape.SMALL);
    ColumnName word = new ColumnName("word");
    ColumnName bytes = new ColumnName("bytes");
    boolean names = use.equals("name");
    return items(
        file,
        new ParquetColumns(bytes, names ? word : null, names ? null : word, null, null),
        new AtomicInteger());
  }

  private static void add(Group row, @Nullable Object value) {
    if (value instanceof Integer number) {
      row.add("word", number);
    } else if (value instanceof Long number) {
      row.add("word", number);
    } else if (value instanceof Boolean truth) {
      row.add("word", truth);
    } else if (value instanceof Binary bytes) {
      row.add("word", bytes);
    }
  }

  private static @Nullable String label(SourceItem item) {
    Hints hints = item.hints();
    return hints == null ? null : hints.label();
  }
}
