/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Archives.gzip;
import static org.splitmask.prep.Archives.tar;
import static org.splitmask.prep.source.Listings.assertBroken;
import static org.splitmask.prep.source.Listings.bytes;
import static org.splitmask.prep.source.Listings.items;
import static org.splitmask.prep.source.Listings.read;
import static org.splitmask.prep.source.Listings.texts;
import static org.splitmask.prep.source.Listings.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.source.Listings;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;

class TarListingTest {
  @TempDir private Path folder;

  @Test
  void entriesAreReadByPosition() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      entries.put("%04d.jpg".formatted(i), bytes("picture ".repeat(i * 100)));
    }
    Path file = write(folder.resolve("a.tar"), tar(entries));

    List<SourceItem> items = items(file);

    assertThat(items)
        .extracting(SourceItem::relativePath)
        .containsExactlyElementsOf(entries.keySet());
    assertThat(items).extracting(SourceItem::access).containsOnly(Access.RANDOM);
    assertThat(items).extracting(SourceItem::position).isSorted().doesNotHaveDuplicates();
    SourceItem fourth = items.get(3);
    assertThat(fourth.path()).isEqualTo("file:" + file + "!/0003.jpg");
    assertThat(fourth.container()).isEqualTo("file:" + file);
    assertThat(fourth.size()).isEqualTo(2400);
    assertThat(fourth.modified()).isEqualTo(Files.getLastModifiedTime(file).toMillis());
    try (SourceReader reader = new SourceReader(Listings.HADOOP)) {
      for (int i : new int[] {0, 1, 2, 19, 3, 3, 18, 17}) {
        SourceItem item = items.get(i);
        assertThat(reader.read(item, 1 << 20)).isEqualTo(entries.get(item.relativePath()));
      }
      assertThat(reader.read(fourth, 10)).as("limit + 1").hasSize(11);
    }
  }

  @Test
  void sidecarsSayTheLabel() throws IOException {
    AtomicInteger ignored = new AtomicInteger();
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String key : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      entries.put(key + ".jpg", bytes(key));
    }
    entries.put("a.cls", bytes(" 3\n"));
    entries.put("a.json", bytes("{\"label\": \"other\", \"split\": \"test\", \"group\": 12}"));
    entries.put("a.txt", bytes("a caption"));
    entries.put("b.json", bytes("{\"x\": {\"label\": 1}, \"y\": [1, {}], \"label\": 7.5}"));
    entries.put("b.txt", bytes("a caption"));
    entries.put("c.txt", bytes("hats\n"));
    entries.put("d.txt", bytes("two\nlines"));
    entries.put("e.txt", bytes("x".repeat(101)));
    entries.put("f.json", bytes("no json"));
    entries.put("g.cls", bytes("y".repeat((64 << 10) + 1)));
    entries.put("h.left.png", bytes("h again"));
    entries.put("h.cls", bytes("shoes"));
    entries.put("in/x.jpg", bytes("x"));
    Path file = write(folder.resolve("s.tar"), tar(entries));

    Map<String, Hints> hints = new LinkedHashMap<>();
    items(file, Listings.BYTES, ignored).forEach(i -> hints.put(i.relativePath(), i.hints()));

    assertThat(hints)
        .containsEntry("a.jpg", new Hints("3", "test", "12"))
        .containsEntry("b.jpg", new Hints("7.5", null, null))
        .containsEntry("c.jpg", new Hints("hats", null, null))
        .containsEntry("d.jpg", null)
        .containsEntry("e.jpg", null)
        .containsEntry("f.jpg", new Hints(Hints.UNUSABLE, null, null))
        .containsEntry("g.jpg", new Hints(Hints.UNUSABLE, null, null))
        .containsEntry("h.left.png", new Hints("shoes", null, null))
        .containsEntry("in/x.jpg", null)
        .hasSize(10);
    assertThat(ignored).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_POSIX, TarArchiveOutputStream.LONGFILE_GNU})
  void namesAreOnlyNames(int longNames) throws IOException {
    String longName = "long/".repeat(60) + "ü.jpg";
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String name :
        List.of(
            longName,
            "../../etc/x.jpg",
            "/abs.jpg",
            "./here.jpg",
            "a!/b.jpg",
            "sp ace:colon.jpg")) {
      entries.put(name, bytes(name));
    }
    entries.put(".hidden.jpg", bytes("h"));
    entries.put(".x/y.jpg", bytes("h"));
    entries.put("__MACOSX/._y.jpg", bytes("h"));
    Path file = write(folder.resolve("n.tar"), tar(entries, longNames));

    Map<String, String> texts = texts(items(file));

    assertThat(texts)
        .containsOnlyKeys(
            longName, "../../etc/x.jpg", "/abs.jpg", "here.jpg", "a!/b.jpg", "sp ace:colon.jpg");
    assertThat(texts).containsEntry("here.jpg", "./here.jpg").containsEntry(longName, longName);
  }

  @Test
  void aNameThatOccursAgainGetsANumber() throws IOException {
    byte[] first = tar(Map.of("x.jpg", bytes("one")));
    byte[] twice = Arrays.copyOf(first, first.length + 1024);
    System.arraycopy(first, 0, twice, 1024, 1024); // header and content, before the end's zeros
    Path file = write(folder.resolve("t.tar"), twice);

    assertThat(texts(items(file))).containsOnlyKeys("x.jpg", "x.jpg#2");
  }

  @Test
  void foldersAreNoItemsAndWhatHoldsNoBytesIsBroken() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("folder.jpg/"));
      tar.closeArchiveEntry();
      tar.putArchiveEntry(new TarArchiveEntry("pipe.jpg", TarConstants.LF_FIFO));
      tar.closeArchiveEntry();
      TarArchiveEntry sparse = new TarArchiveEntry("sparse.jpg", TarConstants.LF_GNUTYPE_SPARSE);
      sparse.setSize(0);
      tar.putArchiveEntry(sparse);
      tar.closeArchiveEntry();
    }
    Path file = write(folder.resolve("l.tar"), bytes.toByteArray());

    List<SourceItem> items = items(file);

    assertThat(items)
        .extracting(SourceItem::relativePath)
        .containsExactly("pipe.jpg", "sparse.jpg");
    assertBroken(items.get(0), Kind.UNREADABLE, "pipe or device");
    assertBroken(items.get(1), Kind.UNREADABLE, "sparse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut.tar", "cut.tar.gz"})
  void ofATarThatEndsInTheMiddleTheCompleteEntriesAreGood(String name) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.jpg", noise(700));
    entries.put("b.jpg", noise(5000));
    byte[] whole = tar(entries);
    byte[] cut = Arrays.copyOf(whole, 512 + 1024 + 512 + 2000);
    Path file = write(folder.resolve(name), name.endsWith("gz") ? gzip(cut) : cut);

    List<SourceItem> items = items(file);

    assertThat(items).extracting(SourceItem::relativePath).containsExactly("a.jpg", "b.jpg");
    assertThat(read(items.get(0))).isEqualTo(entries.get("a.jpg"));
    assertBroken(items.get(1), Kind.TRUNCATED, "ends after 2000 of its 5000 bytes");
  }

  @Test
  void aTarThatEndsInAHeaderSaysSo() throws IOException {
    byte[] whole = tar(Map.of("a.jpg", bytes("a")));
    byte[] cut = Arrays.copyOf(whole, 1024 + 300);
    cut[1024] = 'b';
    Path file = write(folder.resolve("in/h.tar"), cut);

    List<SourceItem> items = Listings.below(file.getParent().toString());

    assertThat(items).extracting(SourceItem::relativePath).containsExactly("h.tar!/a.jpg", "h.tar");
    assertBroken(items.get(1), Kind.TRUNCATED, "ends in a header, at byte 1324");
  }

  @Test
  void damageBetweenEntriesLosesWhatFollowsAndSaysSo() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.jpg", bytes("a"));
    entries.put("b.jpg", bytes("b"));
    byte[] damaged = tar(entries);
    damaged[1024 + 20] ^= 1; // in the second header's name: its checksum is wrong now
    Path file = write(folder.resolve("d.tar"), damaged);

    List<SourceItem> items = items(file);

    assertThat(items)
        .extracting(SourceItem::path)
        .containsExactly("file:" + file + "!/a.jpg", "file:" + file);
    assertBroken(items.get(1), Kind.UNREADABLE, "what follows a.jpg is no tar header");
  }

  @Test
  void aFileThatIsNoTarIsOneItem() throws IOException {
    for (byte[] content : List.of(bytes("hello"), noise(5000), bytes("x".repeat(2000)))) {
      List<SourceItem> items = items(write(folder.resolve("no.tar"), content));

      assertThat(items).extracting(SourceItem::relativePath).containsExactly("no.tar");
      assertThat(items.get(0).size()).isEqualTo(SourceItem.UNKNOWN_SIZE);
      assertBroken(items.get(0), Kind.UNREADABLE, "no tar archive");
    }
    assertBroken(
        items(write(folder.resolve("no.tgz"), noise(5000))).get(0),
        Kind.UNREADABLE,
        "no tar archive");
    assertBroken(
        items(write(folder.resolve("empty.tar"), new byte[0])).get(0), Kind.EMPTY, "no bytes");
    assertThat(items(write(folder.resolve("nothing.tar"), tar(Map.of())))).isEmpty();
  }

  @Test
  void aHeaderThatClaimsToBeEndlessIsNotBelieved() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
      name.setSize(8 << 20);
      tar.putArchiveEntry(name);
      tar.write(new byte[8 << 20]);
      tar.closeArchiveEntry();
    }
    List<SourceItem> items = items(write(folder.resolve("e.tar"), bytes.toByteArray()));

    assertBroken(items.get(0), Kind.UNREADABLE, "a header is longer");
  }

  @Test
  void aCompressedTarIsReadInOrderAndInAnyOther() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      entries.put(i + ".jpg", noise(3000 + i));
      entries.put(i + ".cls", bytes("class " + i));
    }
    Path file = write(folder.resolve("z.TGZ"), gzip(tar(entries)));

    List<SourceItem> items = items(file);

    assertThat(items).hasSize(10).extracting(SourceItem::access).containsOnly(Access.SEQUENTIAL);
    assertThat(items.get(4).hints()).isEqualTo(new Hints("class 4", null, null));
    try (SourceReader reader = new SourceReader(Listings.HADOOP)) {
      for (int i : new int[] {0, 1, 5, 9, 2, 2, 3}) {
        assertThat(reader.read(items.get(i), 1 << 20)).isEqualTo(entries.get(i + ".jpg"));
      }
    }
  }

  @Test
  void aContainerThatShrankSinceItWasListedIsTheItemsFailure() throws IOException {
    Path file = write(folder.resolve("a.tar"), tar(Map.of("a.jpg", noise(5000))));
    List<SourceItem> items = items(file);
    write(file, new byte[1000]);

    assertBroken(items.get(0), Kind.TRUNCATED, "ends before byte 5512");
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    ByteBuffer.wrap(bytes).put("noise".getBytes(StandardCharsets.UTF_8));
    return bytes;
  }
}
