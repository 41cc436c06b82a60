/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.config.SourceConfig.SplitFolders;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.image.Background;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.ParquetColumns;

class PrepareConfigTest {
  private static final Map<String, String> ALL_OTHER =
      Map.ofEntries(
          Map.entry("bytes-column", "image.bytes"),
          Map.entry("name-column", "image.path"),
          Map.entry("label-column", "class"),
          Map.entry("split-column", "part"),
          Map.entry("group-column", "patient"),
          Map.entry("image-size", "96"),
          Map.entry("patch-size", "12"),
          Map.entry("background", "1,2,3"),
          Map.entry("min-side", "9"),
          Map.entry("max-pixels", "1000"),
          Map.entry("max-bytes", "2000"),
          Map.entry("validation-share", "0.25"),
          Map.entry("test-share", "0.125"),
          Map.entry("max-rejected-share", "0.5"),
          Map.entry("files-per-task", "7"),
          Map.entry("split-by", "label"),
          Map.entry("accept-damaged", "true"),
          Map.entry("max-seconds", "2.5"),
          Map.entry("max-rejected-archives", "3"),
          Map.entry("max-removed-share", "0.25"),
          Map.entry("archive-charset", "gbk"),
          Map.entry("split-folders", "ignore"));

  @Test
  void hasDefaults() {
    PrepareConfig config = bind();

    assertThat(config.sources().columns())
        .isEqualTo(new ParquetColumns(new ColumnName("bytes"), null, null, null, null));
    assertThat(config.image().shape()).isEqualTo(new PatchShape(224, 16, 3));
    assertThat(config.image().backgroundColour()).isEqualTo(Background.WHITE);
    assertThat(config.image().limits()).isEqualTo(new ImageLimits(67_108_864, 100_000_000, 16));
    assertThat(config.image().acceptDamaged()).isFalse();
    assertThat(config.sources().archiveCharset()).isEmpty();
    assertThat(config.sources().splitFolders()).isEqualTo(SplitFolders.AUTO);
    assertThat(config.splits()).isEqualTo(new SplitConfig(0.1, 0.1, SplitBy.HASH));
    assertThat(config.run()).isEqualTo(new RunConfig(0.05, 0, 0.1, 4000, 30));
  }

  @Test
  void mapsEveryKey() {
    PrepareConfig config = Configurations.bind(PrepareConfig.class, new KeyValues(ALL_OTHER));

    assertThat(config.effective()).isEqualTo(ALL_OTHER);
    assertThat(config.image().backgroundColour()).isEqualTo(new Background(1, 2, 3));
    assertThat(config.image().limits()).isEqualTo(new ImageLimits(2000, 1000, 9));
    assertThat(config.sources().columns().group()).isEqualTo(new ColumnName("patient"));
  }

  @Test
  void fingerprintChangesWithKeysThatChangeRowsAndWithNoOther() {
    String fingerprint = bind().fingerprint();
    List<String> withoutEffect =
        List.of(
            "max-rejected-share",
            "max-rejected-archives",
            "max-removed-share",
            "files-per-task",
            "max-seconds");

    ALL_OTHER.forEach(
        (key, value) -> {
          String setting = key.equals("patch-size") ? "patch-size=8" : key + "=" + value;
          PrepareConfig config = key.equals("image-size") ? bind("image-size=96") : bind(setting);
          boolean same = config.fingerprint().equals(fingerprint);
          assertThat(same).as(key).isEqualTo(withoutEffect.contains(key));
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes-column= |bytes-column must name a column, was ''",
        "image-size=225|image-size 225 is not a multiple of patch-size 16",
        "image-size=48|odd number",
        "background=white|background must be red,green,blue from 0 to 255 each, was 'white'",
        "background=1,2,256|was '1,2,256'",
        "min-side=0|min-side must be at least 1, was 0",
        "max-pixels=0|max-pixels must be from 1 to 1000000000, was 0",
        "max-bytes=2000000000|max-bytes must be from 1 to 1000000000, was 2000000000",
        "validation-share=1.5|validation-share must be from 0 to 1, was 1.5",
        "test-share=-1|test-share must be from 0 to 1, was -1.0",
        "test-share=0.95|more than 1 together",
        "max-rejected-share=5|max-rejected-share must be from 0 to 1, was 5.0",
        "max-rejected-archives=-1|max-rejected-archives must be from 0 to 10000, was -1",
        "max-removed-share=1.1|max-removed-share must be from 0 to 1, was 1.1",
        "archive-charset=klingon|archive-charset 'klingon' is no charset that this Java knows",
        "archive-charset=a b|archive-charset 'a b' is no charset",
        "split-folders=maybe|split-folders must be one of",
        "files-per-task=0|files-per-task must be at least 1, was 0",
        "accept-damaged=yes|key accept-damaged must be true or false, was 'yes'",
        "max-seconds=0|max-seconds must be from 0.1 to 3600, was 0.0",
        "patches=3|unknown keys [patches]; known keys are [bytes-column, name-column",
        "min-side=few|key min-side must be a whole number, was 'few'"
      })
  void refusesBadValues(String setting, String message) {
    assertThatThrownBy(() -> bind(setting)).hasMessageContaining(message);
  }

  @Test
  void theShippedFileHoldsTheDefaults() throws IOException {
    try (InputStream stream = Files.newInputStream(Path.of("../conf/prepare.yaml"))) {
      KeyValues shipped = KeyValues.ofYaml(stream, "prepare.yaml");

      assertThat(shipped.values()).isEqualTo(bind().effective());
    }
  }

  private static PrepareConfig bind(String... settings) {
    return Configurations.bind(PrepareConfig.class, KeyValues.ofWords(List.of(settings)));
  }
}
