/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.ListedPaths.Seen;

class ListedPathsTest {
  private static final String NFC = "K\u00E4fer/1.jpg";
  private static final String NFD = "Ka\u0308fer/1.jpg";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cats/a b.jpg",
        "./cats/a b.jpg",
        "cats//a b.jpg",
        "dogs/../cats/a b.jpg",
        "/in/p/cats/a b.jpg",
        "/in/./q/..//p/cats/a b.jpg",
        "file:/in/p/cats/a b.jpg",
        "file:///in/p/cats/a%20b.jpg",
        "file://localhost/in/p/cats/a%20b.jpg",
        "cats\\a b.jpg",
        ".\\cats\\a b.jpg",
        "cats/a b.jpg ",
        "\uFEFFcats/a b.jpg",
      })
  void aPathIsFoundHoweverItIsWritten(String path) {
    assertThat(labels(path + "\that\n", "cats/a b.jpg", "cats/other.jpg"))
        .containsOnly(Map.entry("cats/a b.jpg", "hat"));
  }

  @Test
  void aPathInAnotherNormalFormIsFoundWhereItIsTheOnlyOne() {
    assertThat(labels(NFD + "\that\n", NFC)).containsOnly(Map.entry(NFC, "hat"));
    assertThat(labels(NFC + "\that\n", NFD)).containsOnly(Map.entry(NFD, "hat"));
    assertThat(labels("file:///in/p/Ka%CC%88fer/1.jpg\that\n", NFC))
        .containsOnly(Map.entry(NFC, "hat"));
  }

  @Test
  void filesThatDifferInNormalFormAloneStayTwo() {
    assertThat(labels(NFD + "\td\n" + NFC + "\tc\n", NFC, NFD))
        .containsOnly(Map.entry(NFC, "c"), Map.entry(NFD, "d"));
    assertThat(labels(NFC + "\tc\n", NFC, NFD)).containsOnly(Map.entry(NFC, "c"));
    // Two accents on one letter in the other order are equal to both.
    String third = "a\u0323\u0302.jpg";
    refused(
        third + "\tx\n",
        List.of("\u1EA1\u0302.jpg", "\u1EAD.jpg"),
        "line 1",
        "may mean any of 2 files",
        "byte by byte");
  }

  @Test
  void linesThatMeanOneFileMayNotContradictEachOther() {
    refused(NFC + "\ta\n" + NFD + "\tb\n", List.of(NFC), "lines 1 and 2", "contradict");
    refused("x.jpg\ta\n/in/p/x.jpg\tb\n", List.of("x.jpg"), "lines 1 and 2", "both mean x.jpg");
    refused("x.jpg\ta\nx.jpg \tb\n", List.of("x.jpg"), "lines 1 and 2");
    refused("c\\x.jpg\ta\n.\\c\\x.jpg\tb\n", List.of("c/x.jpg"), "lines 1 and 2");
    assertThat(labels("x.jpg\ta\nfile:/in/p/x.jpg\ta\n", "x.jpg"))
        .containsOnly(Map.entry("x.jpg", "a"));
    assertThat(labels(NFC + "\ta\n" + NFD + "\ta\n", NFC)).containsOnly(Map.entry(NFC, "a"));
  }

  @Test
  void percentSignsOfPlainPathsAreTheirOwn() {
    assertThat(labels("a%20b.jpg\thas\na b.jpg\tblank\n", "a%20b.jpg", "a b.jpg"))
        .containsOnly(Map.entry("a%20b.jpg", "has"), Map.entry("a b.jpg", "blank"));
    assertThat(labels("file:/in/p/50%.jpg\thalf\n", "50%.jpg"))
        .containsOnly(Map.entry("50%.jpg", "half"));
    assertThat(labels("file:/in/p/a%20b.jpg\tone\n", "a b.jpg", "a%20b.jpg"))
        .as("an escape is one where both are there")
        .containsOnly(Map.entry("a b.jpg", "one"));
    assertThat(labels("file:/in/p/a%20b.jpg\tone\n", "a%20b.jpg"))
        .containsOnly(Map.entry("a%20b.jpg", "one"));
    refused("a%20b.jpg\tx\n", List.of("a b.jpg"), "line 1; there is a b.jpg");
  }

  @Test
  void whatIsNoEscapeInAUriStaysAsItIs() {
    for (String path : List.of("a%", "a%4", "a%4g", "a%g4", "%zz/x%20y", "a%E4b", "%E4b")) {
      assertThat(ListedPath.decoded(path)).as(path).isEqualTo(path);
    }
    assertThat(ListedPath.decoded("a%41")).as("at the end").isEqualTo("aA");
    assertThat(ListedPath.decoded("%00%f0%9F%98%80")).isEqualTo("\0\uD83D\uDE00");
    assertThat(labels("file:/in/p/a%4\tx\n", "a%4")).containsOnly(Map.entry("a%4", "x"));
  }

  @Test
  void backslashesAreSlashesOnlyWhereThereAreNoSlashes() {
    assertThat(labels("c\\x.jpg\ta\nd/y.jpg\tb\n", "c\\x.jpg", "d/y.jpg")).hasSize(2);
    refused("c\\x.jpg\ta\nd/y.jpg\tb\n", List.of("c/x.jpg", "d/y.jpg"), "there is c/x.jpg");
    assertThat(labels("c\\x.jpg\ta\n", "c\\x.jpg", "c/x.jpg"))
        .containsOnly(Map.entry("c\\x.jpg", "a"));
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIsLikeIt() {
    refused(
        "CATS/1.JPG\ta\ncats/2.jpg\tb\n2.jpg\tc\nno.jpg\td\n",
        List.of("cats/1.jpg", "cats/2.jpg"),
        "3 paths of the label file labels.tsv",
        "CATS/1.JPG (line 1; there is cats/1.jpg)",
        "2.jpg (line 3; there is cats/2.jpg)",
        "no.jpg (line 4)",
        "relative to the input folder");
    refused("/elsewhere/x.jpg\ta\n", List.of("x.jpg"), "/elsewhere/x.jpg (line 1; there is x.jpg)");
  }

  @Test
  void whatIsNotThereIsNamedInTheOrderOfItsLines() {
    Map<String, LabelEntry> disordered = new LinkedHashMap<>();
    for (int line = 9; line > 0; line--) {
      disordered.put(line + ".jpg", new LabelEntry("a", null, null, line));
    }
    LabelEntries entries = read("x.jpg\ta\n").with(disordered);

    assertThatThrownBy(() -> match(entries, List.of()))
        .hasMessageContaining("[1.jpg (line 1), 2.jpg (line 2), 3.jpg (line 3)]");
  }

  @Test
  void aLineIsFoundInWhicheverPartOfTheFilesItIs() {
    LabelEntries entries = read("a.jpg\ta\nb.jpg \tb\nc.jpg\tc\n");
    SourceItem a = new SourceItem("file:/in", "file:/in/a.jpg", 1, 1);
    SourceItem b = new SourceItem("file:/in", "file:/in/b.jpg", 1, 1);
    SourceItem c = new SourceItem("file:/in", "file:/in/c.jpg", 1, 1);
    Seen all =
        Seen.nothing()
            .add(Seen.of(entries, List.of(a).iterator()))
            .add(Seen.of(entries, List.of(b, c).iterator()));

    LabelEntries found = ListedPaths.match("labels.tsv", entries, all, paths -> paths);

    assertThat(List.of(a, b, c))
        .extracting(file -> found.of(file).label())
        .containsExactly("a", "b", "c");
  }

  @Test
  void entriesOfContainersAreCalledByTheirNames() {
    String tar = "file:/in/w.tar!";
    assertThat(labels("/abs.jpg\ta\n../up.jpg\tb\n", tar, "/abs.jpg", "../up.jpg")).hasSize(2);
    assertThat(labels("w.tar!/a/../b.jpg\ta\n", "file:/in", "w.tar!/a/../b.jpg", "w.tar!/b.jpg"))
        .containsOnly(Map.entry("w.tar!/a/../b.jpg", "a"));
    assertThat(labels("/in/w.tar!/b.jpg\ta\n", "file:/in", "w.tar!/b.jpg"))
        .containsOnly(Map.entry("w.tar!/b.jpg", "a"));
  }

  @Test
  void oneNameBelowTwoInputsIsListedOnceForBoth() {
    LabelEntries entries = read("x.jpg\ta\n");
    List<SourceItem> files =
        List.of(
            new SourceItem("file:/a", "file:/a/x.jpg", 1, 1),
            new SourceItem("file:/b", "file:/b/x.jpg", 1, 1));

    LabelEntries found = match(entries, files);

    assertThat(files).allSatisfy(file -> assertThat(found.of(file)).isNotNull());
    LabelEntries one = match(read("/b/x.jpg\ta\n"), files);
    assertThat(files).extracting(file -> one.of(file) != null).containsExactly(false, true);
  }

  @Test
  void otherFilesystemsHavePathsToo() {
    SourceItem file = new SourceItem("hdfs://nn:8020/in", "hdfs://nn:8020/in/x.jpg", 1, 1);
    for (String path : List.of("/in/x.jpg", "hdfs://nn:8020/in//x.jpg", "hdfs:///in/x.jpg")) {
      assertThat(match(read(path + "\ta\n"), List.of(file)).of(file)).as(path).isNotNull();
    }
    assertThatThrownBy(() -> match(read("hdfs://other/in/x.jpg\ta\n"), List.of(file)))
        .hasMessageContaining("1 paths of the label file");
  }

  private static void refused(String text, List<String> files, String... parts) {
    assertThatThrownBy(() -> labels(text, files.toArray(String[]::new)))
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  private static Map<String, String> labels(String text, String... files) {
    boolean rooted = files[0].startsWith("file:/in");
    String root = rooted ? files[0] : "file:/in/p";
    List<SourceItem> items =
        Arrays.stream(files)
            .skip(rooted ? 1 : 0)
            .map(file -> new SourceItem(root, root + "/" + file, 1, 1))
            .toList();
    LabelEntries found = match(read(text), items);
    Map<String, String> labels = new TreeMap<>();
    for (SourceItem item : items) {
      LabelEntry entry = found.of(item);
      if (entry != null) {
        labels.put(item.relativePath(), String.valueOf(entry.label()));
      }
    }
    return labels;
  }

  private static LabelEntries match(LabelEntries entries, List<SourceItem> files) {
    return ListedPaths.match(
        "labels.tsv",
        entries,
        Seen.of(entries, files.iterator()),
        paths -> NearPaths.of(paths, files.iterator()));
  }

  private static LabelEntries read(String text) {
    try {
      return LabelFile.read(
          "labels.tsv", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
