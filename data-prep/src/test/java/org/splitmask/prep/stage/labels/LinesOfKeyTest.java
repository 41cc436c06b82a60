/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.LinesOfKey.Decision;

class LinesOfKeyTest {
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
    StringBuilder text = new StringBuilder();
    for (int line = 1; line < 10; line++) {
      text.append(line * 7 % 10).append(".jpg\ta\n");
    }

    assertThatThrownBy(() -> labels(text.toString(), "x.jpg"))
        .hasMessageContainingAll("9 paths", "[7.jpg (line 1), 4.jpg (line 2), 1.jpg (line 3)]");
  }

  @Test
  void ofSeveralFaultsTheFirstIsTold() {
    String text = "x.jpg\ta\ny.jpg\ta\ny.jpg\tb\nx.jpg\tb\n/in/p/z.jpg\ta\nz.jpg\tb\n";

    assertThatThrownBy(() -> labels(text, "x.jpg", "y.jpg", "z.jpg"))
        .hasMessageContaining("line 3 of labels.tsv lists y.jpg again, after line 2");
  }

  @Test
  void aLineMayBeRepeatedButNotContradicted() {
    List<String> one = List.of("x.jpg", "d/x.jpg");
    assertThat(labels("x.jpg\ta\ttrain\nx.jpg\ta\ttrain\n./x.jpg\t a\ttrain\n", "x.jpg"))
        .containsOnly(Map.entry("x.jpg", "a"));
    refused("x.jpg\ta\ttrain\nx.jpg\tb\ttrain\n", one, "line 2", "x.jpg again, after line 1");
    refused("x.jpg\ta\ttrain\nx.jpg\ta\ttest\n", one, "line 2", "after line 1");
    refused("x.jpg\ta\ttrain\n./x.jpg\tb\ttrain\n", one, "line 2", "lists x.jpg again");
    refused("d/x.jpg\ta\ttrain\nd//x.jpg\tb\ttrain\n", one, "line 2", "lists d/x.jpg again");
    refused("d/x.jpg\ta\ttest\nd/e/../x.jpg\tb\ttest\n", one, "line 2", "lists d/x.jpg again");
    refused(
        "file:///in/p/x.jpg\ta\ttrain\nfile:/in/p/x.jpg\tb\ttrain\n",
        one,
        "line 2",
        "lists file:/in/p/x.jpg again");
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
    List<SourceItem> files =
        List.of(
            new SourceItem("file:/a", "file:/a/x.jpg", 1, 1),
            new SourceItem("file:/b", "file:/b/x.jpg", 1, 1));

    assertThat(match("x.jpg\ta\n", files)).hasSize(2).doesNotContainValue(null);
    assertThat(match("/b/x.jpg\ta\n", files)).containsOnly(Map.entry(files.get(1).path(), "a"));
  }

  @Test
  void otherFilesystemsHavePathsToo() {
    SourceItem file = new SourceItem("hdfs://nn:8020/in", "hdfs://nn:8020/in/x.jpg", 1, 1);
    for (String path : List.of("/in/x.jpg", "hdfs://nn:8020/in//x.jpg", "hdfs:///in/x.jpg")) {
      assertThat(match(path + "\ta\n", List.of(file))).as(path).containsKey(file.path());
    }
    assertThatThrownBy(() -> match("hdfs://other/in/x.jpg\ta\n", List.of(file)))
        .hasMessageContaining("1 paths of the label file");
  }

  /** Paths and names of a few awkward parts: with keys and without it is all the same. */
  @Test
  void theKeysPartNothingThatBelongsTogether() {
    Random random = new Random(20261130);
    int found = 0;
    for (int i = 0; i < 3000; i++) {
      List<String> names = new ArrayList<>();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        names.add(name(random, "/"));
      }
      StringBuilder text = new StringBuilder();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        text.append(written(random, names)).append('\t').append(random.nextInt(4) / 3);
        text.append('\n');
      }
      String[] files = names.stream().distinct().toArray(String[]::new);
      Object keyed = outcome(text.toString(), files, true);
      assertThat(keyed)
          .as("%s with %s", text, names)
          .isEqualTo(outcome(text.toString(), files, false));
      found += keyed instanceof Map<?, ?> map && !map.isEmpty() ? 1 : 0;
    }
    assertThat(found).as("cases with labels").isGreaterThan(500);
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
    Map<String, String> labels = new TreeMap<>();
    match(text, items)
        .forEach((path, label) -> labels.put(path.substring(root.length() + 1), label));
    return labels;
  }

  /** The labels of those files that the text lists, by their whole paths. */
  private static Map<String, String> match(String text, List<SourceItem> files) {
    Map<String, String> byKey = match(text, files, true);
    // Without any keys: slow, and obviously all that may belong together.
    assertThat(match(text, files, false)).isEqualTo(byKey);
    return byKey;
  }

  private static Map<String, String> match(String text, List<SourceItem> files, boolean keyed) {
    List<ListedLine> lines = new ArrayList<>();
    PathKinds kinds = read(text, lines);
    ListedKey key = new ListedKey(kinds);
    Map<String, List<ListedLine>> linesOfKeys = new TreeMap<>();
    Map<String, List<SourceItem>> filesOfKeys = new TreeMap<>();
    for (ListedLine line : lines) {
      linesOfKeys.computeIfAbsent(keyed ? key.of(line) : "", of -> new ArrayList<>()).add(line);
    }
    for (SourceItem file : files) {
      for (String of : keyed ? key.of(file) : List.of("")) {
        filesOfKeys.computeIfAbsent(of, other -> new ArrayList<>()).add(file);
      }
    }
    Set<String> keys = new TreeSet<>(linesOfKeys.keySet());
    keys.addAll(filesOfKeys.keySet());
    ListedVerdict verdict = ListedVerdict.NOTHING;
    Map<String, FileClaim> claims = new TreeMap<>();
    for (String of : keys) {
      List<ListedLine> sent =
          linesOfKeys.getOrDefault(of, List.of()).stream()
              .map(line -> ListedLine.ofBytes(line.toBytes()))
              .toList();
      Decision decision =
          LinesOfKey.decide("labels.tsv", kinds, sent, filesOfKeys.getOrDefault(of, List.of()));
      verdict = verdict.plus(ListedVerdict.of(decision));
      decision.files().forEach(c -> claims.merge(c.item().path(), c, FileClaim::plus));
    }
    for (FileClaim claim : claims.values()) {
      verdict = verdict.plus(ListedVerdict.of("labels.tsv", claim));
    }
    verdict.check("labels.tsv", paths -> NearPaths.of(paths, files.iterator()));
    Map<String, String> labels = new TreeMap<>();
    for (FileClaim claim : claims.values()) {
      Hints said = claim.labelled().hints();
      if (said != null) {
        labels.put(claim.item().path(), String.valueOf(said.label()));
      }
    }
    return labels;
  }

  private static PathKinds read(String text, List<ListedLine> lines) {
    try {
      InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      return LabelFile.read("labels.tsv", in, lines::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object outcome(String text, String[] files, boolean keyed) {
    List<SourceItem> items =
        Arrays.stream(files)
            .map(file -> new SourceItem("file:/in/p", "file:/in/p/" + file, 1, 1))
            .toList();
    try {
      return match(text, items, keyed);
    } catch (SplitMaskException e) {
      return e.getMessage();
    }
  }

  private static String name(Random random, String slash) {
    String[] parts = {
      "a", "K\u00E4", "Ka\u0308", "a b", "a%20b", "w.tar!", "x ", "50%", "c\\d", "a%2520b"
    };
    String name = parts[random.nextInt(parts.length)];
    return random.nextInt(3) == 0 ? name : name + slash + parts[random.nextInt(parts.length)];
  }

  /** One of the names in another spelling, or another name. */
  private static String written(Random random, List<String> names) {
    String name =
        random.nextInt(8) == 0 ? name(random, "/") : names.get(random.nextInt(names.size()));
    return switch (random.nextInt(11)) {
      case 0 -> "/in/p/" + name;
      case 1 -> "file:///in/p/" + name.replace("%", "%25").replace(" ", "%20");
      case 2 -> "file:/in/p/" + name;
      case 3 -> name.replace('/', '\\');
      case 4 -> Normalizer.normalize(name, Normalizer.Form.NFD);
      case 5 -> "./" + name + " ";
      case 6 -> "q/../" + name.replace("/", "//");
      case 7 -> " file:/in/p/" + name;
      case 8 -> "\u00A0/in/p/" + name;
      default -> name;
    };
  }
}
