/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the distribution has in it, by its description. */
class DistributionTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The target of a link or of a picture, without its anchor; what follows a blank is a title. */
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]+)[^)]*\\)");

  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`]*`");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  /** Of the source tree, relative to its root. */
  private static final Set<String> PACKED = new TreeSet<>();

  @BeforeAll
  static void readTheDescription() throws Exception {
    Element assembly =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("src/assembly/bin.xml").toFile())
            .getDocumentElement();
    for (Element set : elements(assembly, "fileSet")) {
      Path folder = Path.of(text(set, "directory").replace("${root}", ROOT.toString()));
      List<PathMatcher> included = patterns(set, "include");
      List<PathMatcher> excluded = patterns(set, "exclude");
      for (Path file : files(folder)) {
        Path name = folder.relativize(file);
        if ((included.isEmpty() || matches(included, name)) && !matches(excluded, name)) {
          PACKED.add(ROOT.relativize(file).toString());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "LICENSE",
        "conf/spark/yarn.conf",
        "docs/adr/0001-common-packages.md",
        "deploy/docker/install.sh",
        "deploy/kubernetes/overlays/s3/kustomization.yaml"
      })
  void itHas(String file) {
    assertThat(PACKED).contains(file);
  }

  @Test
  void itHasNoTests() {
    assertThat(PACKED)
        .noneMatch(file -> file.matches("deploy/(src|airflow/tests)/.*|.*/run-real-test.sh"));
  }

  @Test
  void everyRelativeLinkOfItsDocumentsLeadsIntoIt() throws IOException {
    List<String> dead = new ArrayList<>();
    for (String document : PACKED) {
      if (document.endsWith(".md")) {
        String text = CODE.matcher(Files.readString(ROOT.resolve(document))).replaceAll("");
        Matcher link = LINK.matcher(text);
        while (link.find()) {
          String target = link.group(1);
          if (!ELSEWHERE.matcher(target).matches() && !isPacked(document, target)) {
            dead.add(document + ": " + target);
          }
        }
      }
    }

    assertThat(dead).isEmpty();
    assertThat(isPacked("README.md", "pom.xml")).isFalse();
    assertThat(isPacked("docs/method.md", "../ARCHITECTURE.md")).isTrue();
  }

  /** A file, or a folder with files. */
  private static boolean isPacked(String document, String target) {
    String name =
        ROOT.relativize(ROOT.resolve(document).resolveSibling(target).normalize()).toString();
    return PACKED.contains(name) || PACKED.stream().anyMatch(file -> file.startsWith(name + "/"));
  }

  /** Without folders of builds and of Git, which are large. */
  private static List<Path> files(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.getFileName().toString().matches("target|\\.git")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** Maven's patterns; in Java's, the folders before a slash are never none. */
  private static List<PathMatcher> patterns(Element set, String kind) {
    return elements(set, kind).stream()
        .map(element -> element.getTextContent().strip())
        .flatMap(
            pattern ->
                pattern.startsWith("**/")
                    ? Stream.of(pattern, pattern.substring("**/".length()))
                    : Stream.of(pattern))
        .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
        .toList();
  }

  private static boolean matches(List<PathMatcher> patterns, Path name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }

  private static String text(Element parent, String name) {
    return elements(parent, name).get(0).getTextContent().strip();
  }

  private static List<Element> elements(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
