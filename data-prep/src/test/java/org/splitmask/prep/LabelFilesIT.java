/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.join.LabelledItems;
import org.splitmask.prep.stage.listing.Listing;
import org.splitmask.prep.stage.listing.ListingTally;

/** Label files of many lines, joined by Spark; which lines mean which files has unit tests. */
class LabelFilesIT {
  private static final int PICTURES = 5000;
  private static final String ROOT = "file:/in";

  @TempDir private Path folder;

  @Test
  void everyFileGetsItsLineInWhateverOrderTheyAre() throws IOException {
    Map<String, Hints> labelled = label(false, picture -> path(picture) + "\tclass " + picture % 7);

    assertThat(labelled).hasSize(PICTURES);
    IntStream.range(0, PICTURES)
        .forEach(
            picture ->
                assertThat(labelled.get(ROOT + "/" + path(picture)))
                    .isEqualTo(new Hints("class " + picture % 7, null, null)));
  }

  @Test
  void pathsBelowAnInputAndWholePathsMayBeMixed() throws IOException {
    Map<String, Hints> labelled =
        label(
            false,
            picture ->
                (picture % 3 == 0 ? "/in/" : picture % 3 == 1 ? "file:///in/" : "")
                    + path(picture)
                    + "\tclass "
                    + picture);

    assertThat(labelled).hasSize(PICTURES);
    assertThat(labelled.get(ROOT + "/" + path(300)).label()).isEqualTo("class 300");
    assertThat(labelled.get(ROOT + "/" + path(301)).label()).isEqualTo("class 301");
    assertThat(labelled.get(ROOT + "/" + path(302)).label()).isEqualTo("class 302");
    String contradiction = "/in/" + path(302) + "\tother\n";
    refused(false, contradiction, "both mean " + path(302) + " and contradict each other");
  }

  @Test
  void whatIsNotThereIsCountedAndTheFirstAreNamed() throws IOException {
    refused(
        false,
        "no.jpg\ta\nKnown/1.JPG\ta\n" + path(7) + "\tother\n",
        "lists " + path(7) + " again, after line 8");
    refused(false, "no.jpg\ta\nother.jpg\ta\n", "2 paths of", "no.jpg (line 5001)");
  }

  @Test
  void aGroupIsInTheSplitThatTheFileNamesOfOneOfIt() throws IOException {
    Map<String, Hints> labelled =
        label(
            true,
            picture ->
                String.join(
                    "\t",
                    path(picture),
                    "class",
                    picture % 100 == 42 ? "test" : "",
                    picture % 100 == 7 ? "" : "group " + picture / 10));

    assertThat(labelled.get(ROOT + "/" + path(142)).split()).isEqualTo("test");
    assertThat(labelled.get(ROOT + "/" + path(149)).split()).isEqualTo("test");
    assertThat(labelled.get(ROOT + "/" + path(150)).split()).isNull();
    assertThat(labelled.get(ROOT + "/" + path(107))).isEqualTo(new Hints("class", null, null));
    assertThat(labelled.values().stream().filter(said -> "test".equals(said.split()))).hasSize(500);
    refused(
        true,
        path(3) + "\tclass\ttrain\tx\n" + path(4) + "\tclass\ttest\tx\n",
        "puts the group x into the split train",
        "line 5003 into test");
  }

  @Test
  void aGroupNeedsItsColumn() throws IOException {
    refused(true, "", "no column group");
  }

  private static String path(int picture) {
    return "folder " + picture % 13 + "/" + picture + ".jpg";
  }

  private interface Line {
    String of(int picture);
  }

  private Map<String, Hints> label(boolean byGroup, Line line) throws IOException {
    StringBuilder text = new StringBuilder(byGroup ? "path\tlabel\tsplit\tgroup\n" : "");
    IntStream.range(0, PICTURES).forEach(picture -> text.append(line.of(picture)).append('\n'));
    return label(byGroup, text.toString());
  }

  private Map<String, Hints> label(boolean byGroup, String text) throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.tsv"), text);
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    List<SourceItem> items =
        IntStream.range(0, PICTURES)
            .mapToObj(i -> PICTURES - 1 - i)
            .map(picture -> new SourceItem(ROOT, ROOT + "/" + path(picture), 1, 1))
            .toList();
    Listing listing = new Listing(spark.parallelize(items, 5), new ListingTally());
    Map<String, Hints> said = new TreeMap<>();
    for (SourceItem item :
        LabelledItems.of(spark, listing, labels.toString(), byGroup, new Configuration())
            .items()
            .collect()) {
      said.put(item.path(), item.hints());
    }
    return said;
  }

  /** Every picture is listed, and then there are these lines. */
  private void refused(boolean byGroup, String lines, String... parts) {
    StringBuilder text = new StringBuilder();
    if (byGroup && !lines.isEmpty()) {
      text.append("path\tlabel\tsplit\tgroup\n");
    }
    for (int picture = 0; picture < PICTURES && !(byGroup && lines.isEmpty()); picture++) {
      text.append(path(picture)).append("\tclass").append(byGroup ? "\t\n" : "\n");
    }
    text.append(lines.isEmpty() ? path(0) + "\tclass\n" : lines);
    assertThatThrownBy(() -> label(byGroup, text.toString()))
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }
}
