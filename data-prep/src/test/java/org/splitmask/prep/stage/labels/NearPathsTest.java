/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.NearPaths.Near;

class NearPathsTest {
  @Test
  void theSameNameInOtherLettersIsNearerThanItInAnotherFolder() {
    assertThat(near("cats/1.jpg", "dogs/1.jpg", "Cats/1.JPG")).isEqualTo("Cats/1.JPG");
    assertThat(near("cats/1.jpg", "Cats/1.JPG", "dogs/1.jpg")).isEqualTo("Cats/1.JPG");
    assertThat(near("cats/1.jpg", "dogs/2.jpg")).as("another name").isEmpty();
  }

  @Test
  void ofEquallyNearOnesTheSmallestIsNamedWhateverTheirOrder() {
    assertThat(near("1.jpg", "c/1.jpg", "a/1.jpg", "b/1.jpg")).isEqualTo("a/1.jpg");
    assertThat(near("1.jpg", "a/1.jpg", "b/1.jpg")).isEqualTo("a/1.jpg");
    assertThat(near("x/1.jpg", "X/1.jpg", "X/1.JPG")).isEqualTo("X/1.JPG");
  }

  @Test
  void blanksSlashesAndEscapesAreAsGoodAsTheyAreElsewhere() {
    assertThat(near("cats\\a b.jpg", "cats/a b.jpg")).isEqualTo("cats/a b.jpg");
    assertThat(near("cats/a%20b.jpg", "cats/a b.jpg")).isEqualTo("cats/a b.jpg");
    assertThat(near("./cats/../cats/a.jpg", "cats/a.jpg")).isEqualTo("cats/a.jpg");
  }

  @Test
  void eachPathHasItsOwn() {
    List<String> paths = List.of("no.jpg", "A.jpg", "B.jpg");

    assertThat(NearPaths.of(paths, files("b.jpg", "a.jpg"))).containsExactly("", "a.jpg", "b.jpg");
  }

  @Test
  void theNearestOfAllPartsDoesNotDependOnHowTheyAreCut() {
    List<String> paths = List.of("cats/1.jpg", "2.jpg");
    List<Near> found = new ArrayList<>();
    found.addAll(NearPaths.search(paths, files("dogs/1.jpg", "z/2.jpg")));
    found.addAll(NearPaths.search(paths, files("CATS/1.jpg")));
    found.addAll(NearPaths.search(paths, files("b/2.jpg", "birds/1.jpg")));

    assertThat(NearPaths.nearest(paths, found)).containsExactly("CATS/1.jpg", "b/2.jpg");
    Collections.reverse(found);
    assertThat(NearPaths.nearest(paths, found)).containsExactly("CATS/1.jpg", "b/2.jpg");
  }

  private static String near(String path, String... files) {
    return NearPaths.of(List.of(path), files(files)).get(0);
  }

  private static Iterator<SourceItem> files(String... paths) {
    return Arrays.stream(paths)
        .map(path -> new SourceItem("file:/in", "file:/in/" + path, 1, 1))
        .iterator();
  }
}
