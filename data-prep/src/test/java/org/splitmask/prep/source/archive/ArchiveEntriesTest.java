/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.source.Listings.assertBroken;
import static org.splitmask.prep.source.Listings.bytes;
import static org.splitmask.prep.source.Listings.found;
import static org.splitmask.prep.source.Listings.items;
import static org.splitmask.prep.source.Listings.texts;
import static org.splitmask.prep.source.Listings.write;
import static org.splitmask.prep.source.archive.RawArchives.HARD_LINK;
import static org.splitmask.prep.source.archive.RawArchives.SYMBOLIC_LINK;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.Archives;
import org.splitmask.prep.source.Listings;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.RemarkKind;
import org.splitmask.prep.source.item.SourceItem;

/** All that is in an archive is found, or it is said that something is not. */
class ArchiveEntriesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 20, 21})
  void tarsOneBehindTheOtherAreReadAsOne(int zeros) throws IOException {
    byte[] one = new RawArchives.Tar().file("a/1.jpg", "1").file("a/2.jpg", "22").end(zeros);
    byte[] two = new RawArchives.Tar().file("b/3.jpg", "3").file("b/3.cls", "x").end(2);
    byte[] both = Arrays.copyOf(one, one.length + two.length + 20480);
    System.arraycopy(two, 0, both, one.length, two.length);

    List<Finding> found = found(write(folder.resolve("cat.tar"), both).toString());

    assertThat(texts(items(found)))
        .isEqualTo(Map.of("a/1.jpg", "1", "a/2.jpg", "22", "b/3.jpg", "3"));
    assertThat(items(found).get(2).hints()).isEqualTo(new Hints("x", null, null));
    assertThat(Listings.damages(found)).isEmpty();
  }

  @Test
  void compressedTarsOneBehindTheOtherAreReadAsOne() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Map<String, String> expected = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      // So that ends of parts fall everywhere in a reader's buffer.
      String content = "x".repeat(i) + i;
      RawArchives.Tar tar = new RawArchives.Tar().file(i + ".jpg", content);
      all.writeBytes(Archives.gzip(tar.file("pad" + i + ".npy", "y".repeat(i * 997)).end(2)));
      expected.put(i + ".jpg", content);
    }

    List<Finding> found = found(write(folder.resolve("c.tar.gz"), all.toByteArray()).toString());

    assertThat(texts(items(found))).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "gz, a.tar",
    "gz, a.tgz",
    "bzip2, a.tar.bz2",
    "xz, a.tar.xz",
    "zstd, a.tar.zst",
    "none, a.tar.gz"
  })
  void theFirstBytesSayHowATarIsCompressed(String kind, String name)
      throws IOException, CompressorException {
    byte[] tar = new RawArchives.Tar().file("a/1.jpg", "one").file("a/2.jpg", "two").end(2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        kind.equals("none")
            ? bytes
            : new CompressorStreamFactory().createCompressorOutputStream(kind, bytes)) {
      out.write(tar);
    }
    Path file = write(folder.resolve(name), bytes.toByteArray());

    assertThat(texts(items(found(file.toString()))))
        .isEqualTo(Map.of("a/1.jpg", "one", "a/2.jpg", "two"));

    byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    List<Finding> found = found(write(folder.resolve("cut" + name), cut).toString());
    assertThat(Listings.damages(found)).as("cut").hasSize(1);
  }

  @Test
  void whatFollowsAnEndAndIsNoTarIsTold() throws IOException {
    byte[] tar = new RawArchives.Tar().file("a.jpg", "a").end(2);
    byte[] more = Arrays.copyOf(tar, tar.length + 600);
    Arrays.fill(more, tar.length, more.length, (byte) 'x');

    List<Finding> found = found(write(folder.resolve("a.tar"), more).toString());

    assertThat(items(found)).hasSize(2);
    assertBroken(items(found).get(1), Kind.UNREADABLE, "what follows a.jpg is no tar header");
    assertThat(Listings.damages(found)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tar", "a.tgz"})
  void linksAreFollowedInsideOfATar(String name) throws IOException {
    byte[] tar =
        new RawArchives.Tar()
            .link(SYMBOLIC_LINK, "cats/early.jpg", "../store/1.jpg")
            .file("store/1.jpg", "one")
            .file("store/deep/2.jpg", "two")
            .link(HARD_LINK, "cats/hard.jpg", "store/1.jpg")
            .link(SYMBOLIC_LINK, "cats/twice.jpg", "early.jpg")
            .link(SYMBOLIC_LINK, "dogs", "store/deep")
            .link(SYMBOLIC_LINK, "cats/through.jpg", "../dogs/2.jpg")
            .link(SYMBOLIC_LINK, "out.jpg", "../../etc/passwd")
            .link(SYMBOLIC_LINK, "absolute.jpg", "/store/1.jpg")
            .link(SYMBOLIC_LINK, "store/back", "../store")
            .link(SYMBOLIC_LINK, "self.jpg", "self.jpg")
            .file("store/1.cls", "label")
            .link(HARD_LINK, "cats/hard.cls", "store/1.cls")
            .link(SYMBOLIC_LINK, "cats/twice.cls", "hard.cls")
            .link(SYMBOLIC_LINK, "cats/early.cls", "gone.cls")
            .end(2);

    List<Finding> found =
        found(
            write(folder.resolve(name), name.endsWith("gz") ? Archives.gzip(tar) : tar).toString());

    Map<String, SourceItem> byName = new LinkedHashMap<>();
    items(found).forEach(item -> byName.put(item.relativePath(), item));
    assertThat(byName.keySet())
        .containsExactlyInAnyOrder(
            "cats/early.jpg",
            "store/1.jpg",
            "store/deep/2.jpg",
            "cats/hard.jpg",
            "cats/twice.jpg",
            "dogs/2.jpg",
            "cats/through.jpg",
            "out.jpg",
            "absolute.jpg",
            "store/back",
            "self.jpg");
    for (String one : List.of("cats/early.jpg", "cats/hard.jpg", "cats/twice.jpg")) {
      assertThat(Listings.read(byName.get(one))).as(one).isEqualTo(bytes("one"));
    }
    for (String two : List.of("dogs/2.jpg", "cats/through.jpg")) {
      assertThat(Listings.read(byName.get(two))).as(two).isEqualTo(bytes("two"));
    }
    assertThat(byName.get("dogs/2.jpg").folderName()).isEqualTo("dogs");
    for (String nowhere : List.of("out.jpg", "store/back", "self.jpg")) {
      assertBroken(byName.get(nowhere), Kind.UNREADABLE, "a link to", "not in its archive");
    }
    assertBroken(byName.get("absolute.jpg"), Kind.UNREADABLE, "/store/1.jpg", "outside");
    assertThat(Listings.remarks(found, RemarkKind.UNFOLLOWED_LINK)).hasSize(4);
    assertThat(byName.get("cats/hard.jpg").hints()).isEqualTo(new Hints("label", null, null));
    assertThat(byName.get("cats/twice.jpg").hints()).isEqualTo(new Hints("label", null, null));
    assertThat(Listings.remarks(found, RemarkKind.IGNORED_SIDECAR))
        .singleElement()
        .asString()
        .contains("cats/early.cls: is a link to cats/gone.cls");
  }

  @Test
  void linksAreFollowedInsideOfAZip() throws IOException {
    byte[] zip =
        new RawArchives.Zip()
            .file(bytes("store/1.jpg"), 0, RawArchives.UNIX, new byte[0], bytes("one"))
            .link("cats/1.jpg", "../store/1.jpg")
            .link("out.jpg", "../x.jpg")
            .end();

    List<SourceItem> items = items(found(write(folder.resolve("a.zip"), zip).toString()));

    assertThat(items)
        .extracting(SourceItem::relativePath)
        .containsExactly("store/1.jpg", "cats/1.jpg", "out.jpg");
    assertThat(Listings.read(items.get(1))).isEqualTo(bytes("one"));
    assertBroken(items.get(2), Kind.UNREADABLE, "not in its archive");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tar", "a.zip"})
  void archivesInArchivesAreToldAndCountAsDamage(String name) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.jpg", bytes("a"));
    entries.put("n01440764.tar", Archives.tar(Map.of("b.jpg", bytes("b"))));
    entries.put("more.ZIP", Archives.zip(Map.of("c.jpg", bytes("c"))));
    byte[] archive = name.endsWith("tar") ? Archives.tar(entries) : Archives.zip(entries);

    List<Finding> found = found(write(folder.resolve(name), archive).toString());

    assertThat(items(found)).hasSize(3);
    assertBroken(items(found).get(1), Kind.UNSUPPORTED, "inside of an archive", "unpack");
    assertThat(Listings.damages(found))
        .hasSize(2)
        .allMatch(damage -> damage.missing() == Finding.Damage.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tar", "a.zip"})
  void companionsAndSkippedEntriesAreCounted(String name) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String entry :
        List.of(
            "c/_1.jpg", "c/1.cls", "c/Thumbs.db", ".git/x.jpg", "__MACOSX/c/._1.jpg", "_SUCCESS")) {
      entries.put(entry, bytes(entry));
    }
    byte[] archive = name.endsWith("tar") ? Archives.tar(entries) : Archives.zip(entries);

    List<Finding> found = found(write(folder.resolve(name), archive).toString());

    assertThat(items(found)).extracting(SourceItem::relativePath).containsExactly("c/_1.jpg");
    assertThat(Listings.asides(found))
        .isEqualTo(
            Map.of(
                AsideKind.COMPANION, 2L,
                AsideKind.HIDDEN, 1L,
                AsideKind.MACOS, 1L,
                AsideKind.JOB, 1L));
  }

  @ParameterizedTest
  @CsvSource({
    "a.tar, version https://git-lfs.github.com/spec/v1, git lfs pull",
    "a.zip, version https://git-lfs.github.com/spec/v1, git lfs pull",
    "a.parquet, version https://git-lfs.github.com/spec/v1, git lfs pull",
    "a.tgz, '<!DOCTYPE html><html>404</html>', HTML page",
    "b.zip, no archive at all, no zip archive",
    "b.parquet, no archive at all, it is not a Parquet file"
  })
  void whatLiesInAnArchivesPlaceIsTold(String name, String content, String words)
      throws IOException {
    List<Finding> found = found(write(folder.resolve(name), bytes(content)).toString());

    assertBroken(items(found).get(0), Kind.UNREADABLE, words);
    assertThat(Listings.damages(found))
        .singleElement()
        .satisfies(damage -> assertThat(damage.detail()).contains(words));
  }

  @Test
  void linksLeadToHiddenNamesAsWell() throws IOException {
    byte[] tar =
        new RawArchives.Tar()
            .link(SYMBOLIC_LINK, "cats/1.jpg", "../.git/annex/objects/x.jpg")
            .file(".git/annex/objects/x.jpg", "one")
            .end(2);

    List<Finding> found = found(write(folder.resolve("annex.tar"), tar).toString());

    assertThat(texts(items(found))).isEqualTo(Map.of("cats/1.jpg", "one"));
    assertThat(Listings.asides(found)).isEqualTo(Map.of(AsideKind.HIDDEN, 1L));
  }

  @Test
  void manyLinksAreFollowedAndNoneStandsForMillions() throws IOException {
    RawArchives.Tar tar = new RawArchives.Tar();
    for (int i = 0; i < 1500; i++) {
      tar.file("many/" + i + ".jpg", "");
      tar.link(SYMBOLIC_LINK, "link" + i, "many");
      tar.link(SYMBOLIC_LINK, "nowhere" + i + ".jpg", "gone" + i);
    }

    List<Finding> found = found(write(folder.resolve("a.tar"), tar.end(2)).toString());

    assertThat(Listings.damages(found)).singleElement().asString().contains("more than a million");
    assertThat(items(found)).hasSizeBetween(1_000_000, 1_010_000);
  }

  @Test
  void aNumberThatIsAnEntrysOwnNameIsNotGivenToAnother() throws IOException {
    byte[] tar =
        new RawArchives.Tar()
            .file("a.jpg", "1")
            .file("a.jpg#2", "2")
            .file("a.jpg", "3")
            .file("a.jpg", "4")
            .end(2);

    assertThat(texts(items(found(write(folder.resolve("a.tar"), tar).toString()))))
        .isEqualTo(Map.of("a.jpg", "1", "a.jpg#2", "2", "a.jpg#3", "3", "a.jpg#4", "4"));
  }

  @Test
  void sidecarsOfTwoTarsThatContradictGiveNoLabel() throws IOException {
    byte[] one =
        new RawArchives.Tar().file("0.jpg", "1").file("0.json", "{\"label\":\"cat\"}").end(2);
    byte[] two =
        new RawArchives.Tar().file("0.jpg", "2").file("0.json", "{\"label\":\"dog\"}").end(2);
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);

    List<Finding> found = found(write(folder.resolve("a.tar"), both).toString());

    assertThat(items(found))
        .extracting(SourceItem::hints)
        .containsOnly(new Hints(Hints.UNUSABLE, null, null));
    assertThat(Listings.remarks(found, RemarkKind.IGNORED_SIDECAR)).hasSize(1);
  }

  @Test
  void zerosBehindCompressedPartsAreNothingAndOtherBytesAreDamage() throws IOException {
    byte[] part = Archives.gzip(new RawArchives.Tar().file("a.jpg", "a").end(2));
    byte[] padded = Arrays.copyOf(part, part.length + 1000);
    assertThat(Listings.damages(found(write(folder.resolve("p.tgz"), padded).toString())))
        .isEmpty();

    padded[padded.length - 1] = 'x';
    assertThat(Listings.damages(found(write(folder.resolve("x.tgz"), padded).toString())))
        .hasSize(1);
  }

  @Test
  void aTarWhoseFirstNameLooksCompressedIsNone() throws IOException {
    byte[] tar = new RawArchives.Tar().file("BZh001.jpg", "a").end(2);

    assertThat(texts(items(found(write(folder.resolve("b.tar"), tar).toString()))))
        .isEqualTo(Map.of("BZh001.jpg", "a"));
  }
}
