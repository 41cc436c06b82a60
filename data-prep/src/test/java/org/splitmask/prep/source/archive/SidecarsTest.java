/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.text.EntryName;

class SidecarsTest {
  private final List<String> ignored = new ArrayList<>();
  private final Sidecars sidecars = new Sidecars(ignored::add);

  @Test
  void keysMayHaveDotsAndExtensionsCapitals() {
    add("some/22.0/1.1.cls", "A1");
    add("22.05.cls", "A2");
    add("235 Track 2.0 (Clean).cls", "A3");
    add("UP.CLS", "A4");
    add("zero.cls", "007\r\n");

    assertThat(label("some/22.0/1.1.png")).isEqualTo("A1");
    assertThat(label("22.05.png")).isEqualTo("A2");
    assertThat(label("235 Track 2.0 (Clean).jpg")).isEqualTo("A3");
    assertThat(label("UP.JPG")).isEqualTo("A4");
    assertThat(label("zero.jpg")).isEqualTo("007");
    assertThat(ignored).isEmpty();
  }

  @Test
  void aPictureWithoutASidecarTakesNoneOfItsNeighbours() {
    add("v1.0.cls", "zero");
    add("v1.1.cls", "one");
    add("x.caption.txt", "a cat");

    assertThat(label("v1.0.jpg")).isEqualTo("zero");
    assertThat(label("v1.2.jpg")).isNull();
    assertThat(label("v1.jpg")).isNull();
    assertThat(label("x.jpg")).as("a caption is of another key").isNull();
  }

  @Test
  void whatIsSharedUnderAKeyFillsWhatAPictureDoesNotSayItself() {
    add("s.cls", "both");
    add("s.left.json", "{\"split\": \"test\"}");
    add("s.right.cls", "right");

    assertThat(sidecars.of("s.left.jpg")).isEqualTo(new Hints("both", "test", null));
    assertThat(sidecars.of("s.right.jpg")).isEqualTo(new Hints("right", null, null));
  }

  @Test
  void blanksAndByteOrderMarksAreNoPartOfALabel() {
    add("a.cls", "\uFEFFhat\r\n");
    add("b.cls", "hat\u00A0");
    add("c.json", "\uFEFF{\"label\": \" hat\"}");
    add("d.txt", "\uFEFFhat");
    add("e.cls", "Ka\u0308fer");

    assertThat(List.of("a.jpg", "b.jpg", "c.jpg", "d.jpg"))
        .allSatisfy(name -> assertThat(label(name)).as(name).isEqualTo("hat"));
    assertThat(label("e.jpg")).isEqualTo("K\u00E4fer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"similarity\": NaN, \"label\": \"hat\"}",
        "{\"label\": \"hat\", \"punsafe\": -Infinity, \"x\": Infinity}",
        "{\"label\": [\"hat\"]}",
        "{\"other\": {\"label\": \"bag\"}, \"label\": \"hat\", \"more\": [{}, [1]]}",
      })
  void jsonIsReadAsPythonWritesIt(String json) {
    add("a.json", json);

    assertThat(label("a.jpg")).isEqualTo("hat");
    assertThat(ignored).isEmpty();
  }

  @Test
  void ofJsonNumbersAreLabelsAsTheyAreWritten() {
    add("a.json", "{\"label\": 7}");
    add("b.json", "{\"label\": 12345678901234567890}");
    add("c.json", "{\"label\": true}");
    add("in/d.json", "{\"label\": null}");
    add("in/e.json", "{\"label\": \"\"}");

    assertThat(label("a.jpg")).isEqualTo("7");
    assertThat(label("b.jpg")).isEqualTo("12345678901234567890");
    assertThat(label("c.jpg")).isEqualTo("true");
    assertThat(label("in/d.jpg")).as("nothing is said").isEqualTo("in");
    assertThat(label("in/e.jpg")).as("nothing is said").isEqualTo("in");
    assertThat(ignored).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"label\": [\"a\", \"b\"]}|its label is a list of 2",
        "{\"label\": {\"name\": \"a\"}}|its label is an object",
        "{\"label\": [[\"a\"]]}|its label is a list of lists",
        "{\"label\": NaN}|its label is no number",
        "{\"label\": \"a\\u0000\"}|its label has the control character U+0000",
        "{\"label\": \"a\\nb\"}|its label has the control character U+000A",
        "{\"label\": \"a\\ud800\"}|its label has half of a character, U+D800",
        "{\"label\": \"a\", \"label\": \"b\"}|no JSON: Duplicate field 'label'",
        "{\"label\": \"a\", |no JSON: ",
        "no json|no JSON: ",
      })
  void whatCannotBeALabelIsToldAndReplacedByNoWeakerOne(String jsonAndReason) {
    int bar = jsonAndReason.lastIndexOf('|');
    add("train/a.json", jsonAndReason.substring(0, bar));
    add("train/a.txt", "hat");

    assertThat(label("train/a.jpg")).isNull();
    assertThat(ignored)
        .singleElement()
        .asString()
        .startsWith("train/a.json: " + jsonAndReason.substring(bar + 1));
  }

  @Test
  void sidecarsInAnotherEncodingAreNotGuessed() {
    sidecars.add("a.cls", "B\u00E4r".getBytes(StandardCharsets.ISO_8859_1));
    sidecars.add("b.cls", "B\u00F6r".getBytes(StandardCharsets.ISO_8859_1));
    sidecars.add("c.json", "{\"label\": \"B\u00E4r\"}".getBytes(StandardCharsets.ISO_8859_1));
    sidecars.add("d.txt", "B\u00E4r".getBytes(StandardCharsets.ISO_8859_1));
    sidecars.add("e.cls", "cat".getBytes(StandardCharsets.UTF_16));

    assertThat(List.of("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"))
        .allSatisfy(name -> assertThat(label(name)).as(name).isNull());
    assertThat(ignored)
        .containsExactly(
            "a.cls: no UTF-8 at byte 1",
            "b.cls: no UTF-8 at byte 1",
            "c.json: no UTF-8 at byte 12",
            "d.txt: no UTF-8 at byte 1",
            "e.cls: no UTF-8 at byte 0");
  }

  @Test
  void classesThatAreNoWordAreTold() {
    add("a.cls", " \n");
    add("b.cls", "x\0");
    add("c.cls", "one\ntwo");
    add("d.cls", "y".repeat(1001));
    add("e.cls", "this");
    add("e.CLS", "that");
    sidecars.unreadable("in/f.cls", Sidecars.TOO_LONG);
    sidecars.unreadable("in/g.json", Sidecars.TOO_LONG);

    assertThat(List.of("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "in/f.jpg"))
        .allSatisfy(name -> assertThat(label(name)).as(name).isNull());
    assertThat(label("in/g.jpg")).as("long JSON is of more than labels").isEqualTo("in");
    assertThat(ignored)
        .containsExactly(
            "a.cls: is empty",
            "b.cls: has the control character U+0000",
            "c.cls: has the control character U+000A",
            "d.cls: is longer than 1000 characters",
            "e.CLS: another sidecar of its key says something else",
            "in/f.cls: is longer than 64 KiB",
            "in/g.json: is longer than 64 KiB");
  }

  @Test
  void captionsAndBoxesAreNoLabels() {
    add("hats/a.txt", "a caption\nof two lines");
    add("hats/b.txt", "x".repeat(101));
    add("hats/c.txt", "0 0.5 0.25 1e-2 .75\n");
    add("hats/d.txt", "7");
    sidecars.add("hats/e.txt", "\u00E4".repeat(101).getBytes(StandardCharsets.ISO_8859_1));

    assertThat(List.of("hats/a.jpg", "hats/b.jpg", "hats/c.jpg", "hats/e.jpg"))
        .allSatisfy(name -> assertThat(label(name)).as(name).isEqualTo("hats"));
    assertThat(label("hats/d.jpg")).isEqualTo("7");
    assertThat(ignored).isEmpty();
  }

  private void add(String name, String content) {
    sidecars.add(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable String label(String name) {
    Hints hints = sidecars.of(name);
    // As labels are given: what is said, or else the folder.
    String said = hints == null ? null : hints.label();
    return said == null ? EntryName.folder(name) : said.equals(Hints.UNUSABLE) ? null : said;
  }
}
