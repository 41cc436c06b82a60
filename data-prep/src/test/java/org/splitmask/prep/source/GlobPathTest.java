/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobPathTest {
  @ParameterizedTest
  @CsvSource({
    "*.jpg, a.jpg, true",
    "*.jpg, x/a.jpg, false",
    "**/*.jpg, a.jpg, true",
    "**/*.jpg, x/a.jpg, true",
    "**/*.jpg, x/y/z/a.jpg, true",
    "**/*.jpg, x/a.png, false",
    "**, a, true",
    "**, x/y, true",
    "x/**/z/*.jpg, x/z/a.jpg, true",
    "x/**/z/*.jpg, x/1/z/2/z/a.jpg, true",
    "x/**/z/*.jpg, y/z/a.jpg, false",
    "**/x/**/y, x/y, true",
    "**/x/**/y, a/x/b/c/y, true",
    "**/x/**/y, a/y, false",
    "*/.h/*, a/.h/x, true",
    "*/*, .h/x, false",
    "**, .h, false",
    "**/*.jpg, .h/a.jpg, false",
    "**/.h/*.jpg, a/.h/a.jpg, true",
    "'2026-{01,02}/?.jpg', 2026-01/a.jpg, true"
  })
  void anyNumberOfFoldersIsTwoStars(String glob, String path, boolean matches) {
    GlobPath.Matcher matcher = new GlobPath(List.of(glob.split("/", -1))).matcher();
    List<String> names = List.of(path.split("/", -1));

    assertThat(matcher.matches(names)).isEqualTo(matches);
    if (matches) {
      for (int above = 1; above < names.size(); above++) {
        assertThat(matcher.leadsOn(names.subList(0, above))).as("above %d", above).isTrue();
      }
      assertThat(matcher.covers(GlobPath.below("/r/" + path + "!/x/y.jpg", "/r"))).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"*.jpg, x", "x/*/y, y", "x/*/y, x/a/y", "a/**, b"})
  void foldersThatLeadNowhereAreNotListed(String glob, String folder) {
    GlobPath.Matcher matcher = new GlobPath(List.of(glob.split("/", -1))).matcher();

    assertThat(matcher.leadsOn(List.of(folder.split("/", -1)))).isFalse();
  }
}
