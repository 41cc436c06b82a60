/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.stage.LabelFile.Entry;
import org.splitmask.prep.table.Split;

class LabelFileTest {
  @Test
  void readsThreeColumnsWithoutAHeader() throws IOException {
    assertThat(read("a/x.jpg\thats\ttrain\n./b/y.jpg\tbags\ttest\n"))
        .containsOnly(
            Map.entry("a/x.jpg", new Entry("hats", Split.TRAIN, null, 1)),
            Map.entry("b/y.jpg", new Entry("bags", Split.TEST, null, 2)));
  }

  @Test
  void aHeaderNamesColumnsInAnyOrder() throws IOException {
    assertThat(read("\uFEFFsplit\tauthor\tpath\tlabel\r\nvalidation\tme\tx y.jpg\thats\r\n\n"))
        .containsOnly(Map.entry("x y.jpg", new Entry("hats", Split.VALIDATION, null, 2)));
  }

  @Test
  void labelAndSplitMayBeEmpty() throws IOException {
    assertThat(read("path\tlabel\tsplit\nx.jpg\t\t\n").get("x.jpg"))
        .isEqualTo(new Entry(null, null, null, 2));
  }

  @Test
  void refusesWhatItCannotUse() {
    refused("path\tlabel\nx.jpg\thats\n", "no column split", "[path, label]");
    refused("x.jpg\thats\ttrain\ny.jpg\thats\n", "line 2 of labels.tsv has 2 columns", "tabs");
    refused("x.jpg,hats,train\n", "line 1 of labels.tsv has 1 columns", "path, label and split");
    refused("x.jpg\thats\tdev\n", "line 1", "split 'dev'", "train, validation, test");
    refused("x.jpg\ta\ttrain\nx.jpg\tb\ttest\n", "line 2", "lists x.jpg again, after line 1");
    refused("path\tlabel\tsplit\n", "lists no picture");
  }

  @Test
  void aMissingFileIsTheUsersDoing() {
    assertThatThrownBy(() -> LabelFile.read("/no/such/labels.tsv", new Configuration(false)))
        .hasMessageContaining("no label file at /no/such/labels.tsv")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.USER);
  }

  private static void refused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  private static Map<String, Entry> read(String text) throws IOException {
    return LabelFile.read("labels.tsv", new BufferedReader(new StringReader(text)));
  }
}
