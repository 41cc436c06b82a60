/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Markdown files of the repository are wrapped, and their relative links lead somewhere. */
class DocumentsTest {
  private static final int COLUMNS = 100;
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The target of a link or of a picture; what follows a blank is its title. */
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)[^)]*\\)");

  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .forEach(documents::add);
    }
    return documents;
  }

  @Test
  void theDocumentsAreSeen() throws IOException {
    assertThat(documents())
        .contains(ROOT.resolve("README.md"), ROOT.resolve("docs/adr/0001-common-packages.md"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linesHaveAtMostAHundredColumns(Path document) throws IOException {
    assertThat(tooLong(Files.readString(document))).as(document.toString()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void relativeLinksLeadSomewhere(Path document) throws IOException {
    assertThat(dead(document, Files.readString(document))).as(document.toString()).isEmpty();
  }

  @Test
  void aLongLineIsFoundOutsideOfCodeAndTables() {
    String word = "x".repeat(COLUMNS + 1);

    assertThat(tooLong("short\n" + word + "\n")).containsExactly("line 2 has 101 columns");
    assertThat(tooLong("ü".repeat(COLUMNS))).isEmpty();
    assertThat(tooLong("| " + word + " |")).containsExactly("line 1 has 105 columns");
    assertThat(tooLong("```\n" + word + "\n```")).isEmpty();
    assertThat(tooLong("a\n\n    " + word + "\n    " + word)).isEmpty();
    assertThat(tooLong("- a\n    " + word)).containsExactly("line 2 has 105 columns");
  }

  @Test
  void aDeadLinkIsFoundOutsideOfCode() throws IOException {
    Path readme = ROOT.resolve("README.md");

    assertThat(dead(readme, "[a](docs/none.md) [b](README.md#no-such-heading)"))
        .containsExactly("docs/none.md", "README.md#no-such-heading");
    assertThat(
            dead(readme, "# A heading\n[a](README.md) [b](#a-heading) [c](https://a.b) `[d](e)`"))
        .isEmpty();
  }

  private static List<String> tooLong(String text) {
    List<String> found = new ArrayList<>();
    int number = 0;
    for (Line line : lines(text)) {
      number++;
      int columns = line.text.codePointCount(0, line.text.length());
      if (!line.isCode && columns > COLUMNS) {
        found.add("line " + number + " has " + columns + " columns");
      }
    }
    return found;
  }

  private static List<String> dead(Path document, String text) throws IOException {
    List<String> found = new ArrayList<>();
    for (Line line : lines(text)) {
      Matcher link = LINK.matcher(line.isCode ? "" : CODE.matcher(line.text).replaceAll(""));
      while (link.find()) {
        String target = link.group(1);
        if (!ELSEWHERE.matcher(target).matches() && !leadsSomewhere(document, text, target)) {
          found.add(target);
        }
      }
    }
    return found;
  }

  private static boolean leadsSomewhere(Path document, String text, String target)
      throws IOException {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? document : document.resolveSibling(path);
    if (!Files.exists(file)) {
      return false;
    }
    String content = path.isEmpty() ? text : hash < 0 ? "" : Files.readString(file);
    return hash < 0
        || lines(content).stream()
            .filter(line -> !line.isCode && line.text.startsWith("#"))
            .anyMatch(line -> anchor(line.text).equals(target.substring(hash + 1)));
  }

  /** The anchor that GitHub gives a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  /** A line of Markdown, and whether it is in a fenced or an indented block of code. */
  private record Line(String text, boolean isCode) {}

  private static List<Line> lines(String text) {
    List<Line> lines = new ArrayList<>();
    boolean fenced = false;
    boolean indented = false;
    String before = "";
    for (String line : text.split("\n", -1)) {
      boolean fence = line.stripLeading().startsWith("```");
      fenced ^= fence;
      indented = line.startsWith("    ") && (before.isBlank() || indented);
      lines.add(new Line(line, fence || fenced || indented));
      before = line;
    }
    return lines;
  }
}
