/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.Split;

class LabelFileTest {
  private static final String HEADER = "path\tlabel\tsplit\n";

  @Test
  void readsThreeColumnsWithoutAHeader() throws IOException {
    assertThat(read("a/x.jpg\thats\ttrain\n./b/y.jpg\tbags\ttest\n"))
        .containsOnly(
            Map.entry("a/x.jpg", new Said("hats", Split.TRAIN, null, 1)),
            Map.entry("b/y.jpg", new Said("bags", Split.TEST, null, 2)));
  }

  @Test
  void twoColumnsSayNothingOfSplits() throws IOException {
    Map<String, Said> expected = Map.of("x.jpg", new Said("007", null, null, 1));
    assertThat(read("x.jpg\t007\n")).isEqualTo(expected);
    assertThat(read("path\tlabel\nx.jpg\t7\n"))
        .containsOnly(Map.entry("x.jpg", new Said("7", null, null, 2)));
  }

  @Test
  void aHeaderNamesColumnsInAnyOrder() throws IOException {
    assertThat(read("\uFEFFsplit\tauthor\tpath\tlabel\r\nvalidation\tme\tx y.jpg\thats\r\n\n"))
        .containsOnly(Map.entry("x y.jpg", new Said("hats", Split.VALIDATION, null, 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Path\tLABEL\tSplit",
        "\"path\"\t\"label\"\t\"split\"",
        "filename\tlabel\tsplit",
        "file_name\tlabel\tsplit",
        " path \tlabel\u00A0\tsplit",
        "# made by hand\n# in two lines, \"quoted\npath\tlabel\tsplit",
      })
  void headersAreUnderstoodAsPeopleWriteThem(String header) throws IOException {
    assertThat(read(header + "\nx.jpg\that\ttest\n").values())
        .extracting(Said::label, Said::split)
        .containsExactly(tuple("hat", Split.TEST));
  }

  @Test
  void aRowIsNoHeaderThoughItsLabelIsCalledSo() throws IOException {
    assertThat(read("x.jpg\tlabel\ttrain\n"))
        .containsOnly(Map.entry("x.jpg", new Said("label", Split.TRAIN, null, 1)));
    assertThat(read("label\tfilename\tsplit\nhat\tx.jpg\ttest\n"))
        .as("the path under another name, in another place")
        .containsOnly(Map.entry("x.jpg", new Said("hat", Split.TEST, null, 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void linesEndAsOnAnySystem(String end) throws IOException {
    for (String last : new String[] {"", end, end + end}) {
      assertThat(read("x.jpg\that\ttrain" + end + "y.jpg\tbag\ttest" + last))
          .containsOnly(
              Map.entry("x.jpg", new Said("hat", Split.TRAIN, null, 1)),
              Map.entry("y.jpg", new Said("bag", Split.TEST, null, 2)));
    }
  }

  @Test
  void labelAndSplitMayBeEmpty() throws IOException {
    assertThat(read(HEADER + "x.jpg\t\t\n").get("x.jpg")).isEqualTo(new Said(null, null, null, 2));
    assertThat(read(HEADER + "x.jpg\t \u00A0\t\"\"\n").get("x.jpg"))
        .isEqualTo(new Said(null, null, null, 2));
  }

  @Test
  void blanksAroundALabelMakeNoOtherClass() throws IOException {
    for (String blank :
        new String[] {
          " ", "  ", "\u00A0", "\u2003", "\u3000", "\u202F", "\u200B", "\uFEFF", "\u2060"
        }) {
      String line = blank + "hat" + blank;
      assertThat(read("x.jpg\t" + line + "\t" + blank + "train" + blank + "\n").get("x.jpg"))
          .as("U+%04X", (int) blank.charAt(0))
          .isEqualTo(new Said("hat", Split.TRAIN, null, 1));
    }
    assertThat(label("h\uFEFFat")).as("a byte order mark inside").isEqualTo("hat");
    assertThat(label("straw  hat")).as("blanks inside are its own").isEqualTo("straw  hat");
    assertThat(label("Ka\u0308fer")).as("one letter in two forms").isEqualTo("K\u00E4fer");
  }

  @Test
  void theGroupIsAWordLikeTheOthers() throws IOException {
    assertThat(read("path\tlabel\tsplit\tgroup\nx.jpg\ta\t\t p1\u00A0\ny.jpg\ta\t\n").values())
        .extracting(Said::group)
        .containsExactlyInAnyOrder("p1", null);
  }

  @ParameterizedTest
  @CsvSource({
    "train,TRAIN",
    "TRAIN,TRAIN",
    "training,TRAIN",
    "val,VALIDATION",
    "Valid,VALIDATION",
    "dev,VALIDATION",
    "VALIDATION,VALIDATION",
    "test,TEST",
    "Testing,TEST"
  })
  void splitsHaveTheirUsualNames(String word, Split split) throws IOException {
    assertThat(read("x.jpg\that\t" + word + "\n").get("x.jpg").split()).isEqualTo(split);
    assertThat(Split.of(split.word())).contains(split);
  }

  @Test
  void theTableItselfKnowsThreeWordsAlone() {
    assertThat(Split.of("val")).isEmpty();
    assertThat(Split.of("Train")).isEmpty();
    assertThat(Split.named("eval")).as("said of validation and of test").isEmpty();
    assertThat(Split.named(" Val ")).contains(Split.VALIDATION);
  }

  @Test
  void cellsAreUnquotedAsSpreadsheetsQuoteThem() throws IOException {
    assertThat(read("\"a b.jpg\"\t\"say \"\"hat\"\"\"\t\"train\"\n"))
        .containsOnly(Map.entry("a b.jpg", new Said("say \"hat\"", Split.TRAIN, null, 1)));
    assertThat(label("\" hat \"")).isEqualTo("hat");
    assertThat(label("5\" pipe")).isEqualTo("5\" pipe");
    assertThat(label("\"big\" hat")).isEqualTo("\"big\" hat");
    assertThat(label("\"big\" \"hat\"")).isEqualTo("\"big\" \"hat\"");
    refused("train\tx.jpg\t\"a\tb\"\n", "line 1", "begins with a double quote", "\"a");
    refused("x.jpg\t\"two\nlines\"\n", "line 1", "begins with a double quote");
  }

  @Test
  void aPathIsWrittenAsHadoopDoes() throws IOException {
    for (String path : new String[] {"d/x.jpg", "./d/x.jpg", "d//x.jpg", "d/e/../x.jpg"}) {
      assertThat(read(path + "\ta\n")).as(path).containsOnlyKeys("d/x.jpg");
    }
    List<ListedLine> lines = new ArrayList<>();
    PathKinds kinds = readAll("x.jpg\ta\nx.jpg\ta\nfile:///d/%20.jpg\ta\n", lines);
    assertThat(lines)
        .extracting(ListedLine::number, ListedLine::path, ListedLine::uri)
        .containsExactly(
            tuple(1, "x.jpg", null),
            tuple(2, "x.jpg", null),
            tuple(3, "file:/d/ .jpg", "file:///d/%20.jpg"));
    assertThat(kinds).isEqualTo(new PathKinds(3, true, true, true, false));
  }

  @Test
  void theKindsOfPathsAreToldOfTheWholeFile() throws IOException {
    assertThat(readAll("c\\x.jpg\ta\n", new ArrayList<>()))
        .isEqualTo(new PathKinds(1, true, false, false, false));
    assertThat(readAll("path\tlabel\tgroup\n/x.jpg\ta\tg\n", new ArrayList<>()))
        .isEqualTo(new PathKinds(1, false, true, true, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.jpg\t\t\t", "file:/\u00E4 \uD83D\uDE00.jpg\tK\u00E4fer\tval\tp 1"})
  void aLineIsTheSameAfterItsWayThroughBytes(String line) throws IOException {
    List<ListedLine> lines = new ArrayList<>();
    readAll("path\tlabel\tsplit\tgroup\n" + line + "\n", lines);

    assertThat(ListedLine.ofBytes(lines.get(0).toBytes())).isEqualTo(lines.get(0));
  }

  @Test
  void anotherEncodingIsRefusedWithThePlace() {
    byte[] latin = (HEADER + "x.jpg\that\ttrain\ny.jpg\tB\u00E4r\ttest\n").getBytes(latin1());
    refused(
        latin,
        "line 3 of the label file labels.tsv is no UTF-8",
        "0xE4 at byte 40 of the file",
        "iconv");
    assertThat(latin[40]).isEqualTo((byte) 0xE4);
    byte[] surrogate = {'x', '\t', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '\n'};
    refused(surrogate, "line 1", "0xED at byte 2");
    byte[] cut = {'x', '\t', 'a', '\n', 'y', '\t', (byte) 0xC3};
    refused(cut, "line 2", "0xC3 at byte 6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void wideTextIsNamed(String encoding) {
    for (String mark : new String[] {"\uFEFF", ""}) {
      String text = mark + "p\u00E4th/1.jpg\t\u732B\ttrain\r\np\u00E4th/2.jpg\t\u72AC\ttest\r\n";
      refused(
          text.getBytes(Charset.forName(encoding)),
          "labels.tsv is " + encoding,
          "line 1, byte 0",
          "-f " + encoding);
    }
  }

  @Test
  void controlCharactersAreRefusedWithTheirLine() {
    refused(HEADER + "x.jpg\tha\0t\ttrain\n", "line 2", "U+0000 in column 2");
    refused(HEADER + "x\u0007.jpg\that\ttrain\n", "line 2", "U+0007 in column 1");
    refused(HEADER + "x.jpg\that\ttr\u0085ain\n", "line 2", "U+0085 in column 3");
    refused(HEADER + "x.jpg\that\u001F\ttrain\n", "line 2", "U+001F in column 2");
  }

  @Test
  void refusesWhatItCannotUse() {
    refused("path\tsplit\nx.jpg\ttrain\n", "no column label", "[path, split]");
    refused("image\tlabel\nx.jpg\that\n", "no column path", "[image, label]");
    refused("file\tfilename\tlabel\nx\ty\tz\n", "no column path", "[file, filename, label]");
    refused("path\tlabel\tLabel\nx.jpg\ta\tb\n", "2 columns label", "keep one");
    refused("x.jpg\thats\ttrain\ny.jpg\thats\n", "line 2 of labels.tsv has 2 columns", "tabs");
    refused("x.jpg,hats,train\n", "line 1 of labels.tsv has 1 columns", "commas", "tab-separated");
    refused("x.jpg;hats;train\n", "line 1 of labels.tsv has 1 columns", "semicolons");
    refused("x.jpg hats train\n", "line 1 of labels.tsv has 1 columns, 3 are needed");
    refused("x.jpg\thats\tsome\n", "line 1", "split 'some'", "train, validation", "test");
    refused("x.jpg\ta\ny.jpg\tb\ttrain\n", "line 2", "has 3 columns, and 2 are known");
    refused(HEADER + "x.jpg\tred\ttrain\that\n", "line 2", "has 4 columns, and 3 are known");
    refused(HEADER + "\that\ttrain\n", "line 2", "no path in column 1");
    refused("path\tlabel\tsplit\n", "lists no picture");
    refused("", "lists no picture");
    refused("x".repeat(2 << 20), "line 1", "from byte 0 on, is longer than 1048576 bytes");
  }

  @Test
  void emptyCellsAtALinesEndAreNoColumns() throws IOException {
    assertThat(read(HEADER + "x.jpg\that\ttrain\t\t\n\t\t\t\n")).containsOnlyKeys("x.jpg");
  }

  @Test
  void labelsThatLookAlikeStayTwoAndAreNamed() throws IOException {
    assertThat(read("x.jpg\tCat\ny.jpg\tcat\n").values())
        .extracting(Said::label)
        .containsExactlyInAnyOrder("Cat", "cat");
    assertThat(
            LookAlikes.pairs(
                Arrays.asList(
                    "Cat", null, "cat", "dog", "hot dog", "cat", "hot\u00A0 dog", "ca\u200Bt")))
        .containsExactly("Cat and cat", "hot dog and hot\u00A0 dog", "Cat and ca\u200Bt");
  }

  @Test
  void aMissingFileIsTheUsersDoing() {
    assertThatThrownBy(
            () -> LabelFile.read("/no/such/labels.tsv", new Configuration(false), line -> {}))
        .hasMessageContaining("no label file at /no/such/labels.tsv")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.USER);
  }

  @Test
  void aFileOfMoreLinesThanCanBeNumberedIsRefused() throws IOException {
    InputStream in = new ByteArrayInputStream("x.jpg\that\ny.jpg\tbag\n".getBytes(latin1()));
    LabelLines lines = new LabelLines("labels.tsv", in, Integer.MAX_VALUE - 1);

    assertThat(lines.next()).isEqualTo("x.jpg\that");
    assertThat(lines.number()).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(lines::next)
        .hasMessageContainingAll(
            "labels.tsv has more than 2147483647 lines", "each with a label file of its own")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  private static String label(String cell) throws IOException {
    return String.valueOf(read("x.jpg\t" + cell + "\ttrain\n").get("x.jpg").label());
  }

  private static Charset latin1() {
    return StandardCharsets.ISO_8859_1;
  }

  private static void refused(String text, String... parts) {
    refused(text.getBytes(StandardCharsets.UTF_8), parts);
  }

  private static void refused(byte[] content, String... parts) {
    assertThatThrownBy(
            () -> LabelFile.read("labels.tsv", new ByteArrayInputStream(content), line -> {}))
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  private static Map<String, Said> read(String text) throws IOException {
    List<ListedLine> lines = new ArrayList<>();
    readAll(text, lines);
    Map<String, Said> said = new LinkedHashMap<>();
    for (ListedLine line : lines) {
      said.put(line.path(), new Said(line.label(), line.split(), line.group(), line.number()));
    }
    return said;
  }

  private static PathKinds readAll(String text, List<ListedLine> lines) throws IOException {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return LabelFile.read("labels.tsv", in, lines::add);
  }

  /** What a line says beside its path. */
  private record Said(
      @Nullable String label, @Nullable Split split, @Nullable String group, int line) {}
}
