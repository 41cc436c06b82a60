/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.source.archive.RawArchives.DOS;
import static org.splitmask.prep.source.archive.RawArchives.UNIX;
import static org.splitmask.prep.source.archive.RawArchives.UTF8_NAMES;
import static org.splitmask.prep.source.archive.RawArchives.unicodePath;
import static org.splitmask.prep.source.archive.RawArchives.utf8;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.prep.source.Listings;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.RemarkKind;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceOptions;

/** Whatever charset an archive's names are in, different names stay different. */
class ArchiveNamesTest {
  private static final byte[] NONE = new byte[0];

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "windows-31j, 猫/1.jpg, 犬/1.jpg, 表/1.jpg",
    "gbk, 楷书/1.jpg, 草书/1.jpg, 目/1.jpg",
    "cp437, Käfer/1.jpg, Kühe/1.jpg, Kühe/ü.jpg",
    "euc-kr, 고양이/1.jpg, 개/1.jpg, 새/1.jpg",
    "iso-8859-1, Käfer/ä.jpg, Bär/ö.jpg, é/e.jpg"
  })
  void namesInACharsetThatNothingTellsAreEscapedOrReadByTheKey(
      String charset, String one, String two, String three) throws IOException {
    List<String> names = List.of(one, two, three);
    RawArchives.Zip zip = new RawArchives.Zip();
    RawArchives.Tar tar = new RawArchives.Tar();
    for (String name : names) {
      byte[] bytes = name.getBytes(Charset.forName(charset));
      zip.file(bytes, 0, DOS, NONE, utf8(name));
      tar.file(bytes, utf8(name));
    }
    for (Path file :
        List.of(
            Listings.write(folder.resolve("a.zip"), zip.end()),
            Listings.write(folder.resolve("a.tar"), tar.end(2)))) {
      List<Finding> escaped = found(file, "");
      List<Finding> read = found(file, charset);

      assertThat(Listings.texts(Listings.items(escaped)).values())
          .as("%s, escaped", file)
          .containsExactlyInAnyOrderElementsOf(names);
      assertThat(Listings.items(escaped).stream().map(SourceItem::folderName).distinct())
          .hasSameSizeAs(names.stream().map(name -> name.split("/", 2)[0]).distinct().toList())
          .allMatch(label -> !label.contains("\uFFFD") && !label.contains("?"));
      assertThat(Listings.remarks(escaped, RemarkKind.ESCAPED_ENTRY_NAME)).isNotEmpty();
      assertThat(Listings.texts(Listings.items(read)))
          .as("%s, by the key", file)
          .allSatisfy((name, text) -> assertThat(name).isEqualTo(text))
          .hasSize(3);
      assertThat(Listings.remarks(read, RemarkKind.ESCAPED_ENTRY_NAME)).isEmpty();
    }
  }

  @Test
  void whatTheArchiveSaysOfItsNamesHoldsWhateverTheKeySays() throws IOException {
    byte[] sjis = "猫/1.jpg".getBytes(Charset.forName("windows-31j"));
    Path file =
        Listings.write(
            folder.resolve("a.zip"),
            new RawArchives.Zip()
                .file(sjis, 0, DOS, unicodePath(sjis, "猫/1.jpg"), utf8("field"))
                .file(utf8("Käfer/2.jpg"), UTF8_NAMES, DOS, NONE, utf8("flag"))
                .file(utf8("old/3.jpg"), 0, UNIX, unicodePath(utf8("renamed"), "no.jpg"), NONE)
                .end());

    for (String charset : List.of("", "cp437")) {
      assertThat(Listings.items(found(file, charset)))
          .extracting(SourceItem::relativePath)
          .containsExactly("猫/1.jpg", "Käfer/2.jpg", "old/3.jpg");
    }
  }

  @Test
  void namesInUtf8NeedNoFlagAndTheKeyLeavesThemAlone() throws IOException {
    Path zip =
        Listings.write(
            folder.resolve("a.zip"),
            new RawArchives.Zip()
                .file(utf8("Käfer/1.jpg"), 0, UNIX, NONE, NONE)
                .file(utf8("猫/1.jpg"), 0, UNIX, NONE, NONE)
                .end());

    for (String charset : List.of("", "gbk")) {
      assertThat(Listings.items(found(zip, charset)))
          .extracting(SourceItem::folderName)
          .containsExactly("Käfer", "猫");
    }
  }

  @Test
  void paxHeadersAreReadByTheirBytes() throws IOException {
    byte[] latin = "Bär/ü.jpg".getBytes(StandardCharsets.ISO_8859_1);
    byte[] other = "Bör/ü.jpg".getBytes(StandardCharsets.ISO_8859_1);
    Path file =
        Listings.write(
            folder.resolve("a.tar"),
            new RawArchives.Tar()
                .pax("hdrcharset", utf8("BINARY"))
                .file("ignored", "no pax path, so its own name")
                .pax("path", latin)
                .file("short", "1")
                .pax("path", other)
                .file("short", "2")
                .pax("path", utf8("猫/" + "long/".repeat(40) + "1.jpg"))
                .file("short", "3")
                .end(2));

    assertThat(Listings.items(found(file, "")))
        .extracting(SourceItem::relativePath)
        .containsExactly(
            "ignored",
            "B\\xE4r/\\xFC.jpg",
            "B\\xF6r/\\xFC.jpg",
            "猫/" + "long/".repeat(40) + "1.jpg");
    assertThat(Listings.items(found(file, "iso-8859-1")))
        .extracting(SourceItem::relativePath)
        .contains("Bär/ü.jpg", "Bör/ü.jpg");
  }

  @Test
  void backslashesOfDosAreSlashesAndThoseOfUnixAreNames() throws IOException {
    Path file =
        Listings.write(
            folder.resolve("a.zip"),
            new RawArchives.Zip()
                .file(utf8("cats\\1.jpg"), 0, DOS, NONE, NONE)
                .file(utf8("dogs\\1.jpg"), 0, UNIX, NONE, NONE)
                .end());

    assertThat(Listings.items(found(file, "")))
        .extracting(SourceItem::relativePath)
        .containsExactly("cats/1.jpg", "dogs\\1.jpg");
  }

  private static List<Finding> found(Path file, String charset) {
    return Listings.found(
        List.of(file.toString()), new SourceOptions(Listings.BYTES, charset, "file:/no/output"));
  }
}
