/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Archives.zip;
import static org.splitmask.prep.source.Listings.assertBroken;
import static org.splitmask.prep.source.Listings.bytes;
import static org.splitmask.prep.source.Listings.items;
import static org.splitmask.prep.source.Listings.read;
import static org.splitmask.prep.source.Listings.texts;
import static org.splitmask.prep.source.Listings.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.prep.source.Listings;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;

class ZipListingTest {
  @TempDir private Path folder;

  @Test
  void deflatedAndStoredEntriesAreRead() throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      add(zip, "hats/a.jpg", ZipArchiveEntry.DEFLATED, "deflated ".repeat(100));
      add(zip, "hats/b.jpg", ZipArchiveEntry.STORED, "stored");
      add(zip, "b.cls", ZipArchiveEntry.DEFLATED, "3");
      add(zip, "b.jpg", ZipArchiveEntry.DEFLATED, "");
      add(zip, "../up.jpg", ZipArchiveEntry.DEFLATED, "up");
      add(zip, "folder/", ZipArchiveEntry.STORED, "");
      add(zip, "__MACOSX/hats/._a.jpg", ZipArchiveEntry.STORED, "hidden");
      ZipArchiveEntry link = new ZipArchiveEntry("link.jpg");
      link.setUnixMode(0120777);
      zip.putArchiveEntry(link);
      zip.write(bytes("/etc/passwd"));
      zip.closeArchiveEntry();
    }
    Path file = write(folder.resolve("in/a.ZIP"), archive.toByteArray());

    List<SourceItem> all = items(file);
    List<SourceItem> items = all.subList(0, 4);

    assertBroken(all.get(4), Kind.UNREADABLE, "a link to /etc/passwd", "outside of its archive");
    assertThat(texts(items))
        .containsOnly(
            Map.entry("hats/a.jpg", "deflated ".repeat(100)),
            Map.entry("hats/b.jpg", "stored"),
            Map.entry("b.jpg", ""),
            Map.entry("../up.jpg", "up"));
    assertThat(items).extracting(SourceItem::size).containsExactly(900L, 6L, 0L, 2L);
    assertThat(items)
        .extracting(SourceItem::hints)
        .containsExactly(null, null, new Hints("3", null, null), null);
    assertThat(items)
        .extracting(SourceItem::folderName)
        .containsExactly("hats", "hats", null, null);
    assertThat(Listings.below(folder.toString()).get(0).relativePath())
        .isEqualTo("in/a.ZIP!/hats/a.jpg");
  }

  @Test
  void aBombIsInflatedToTheLimitAndNoFurther() throws IOException {
    byte[] bomb = zip(Map.of("bomb.jpg", new byte[64 << 20]));
    SourceItem item = items(write(folder.resolve("bomb.zip"), bomb)).get(0);

    assertThat(bomb).hasSizeLessThan(100_000);
    assertThat(item.size()).isEqualTo(64 << 20);
    try (SourceReader reader = new SourceReader(Listings.HADOOP)) {
      assertThat(reader.read(item, 1000)).hasSize(1001);
    }
  }

  @Test
  void aBombThatLiesAboutItsSizeIsBroken() throws IOException {
    byte[] bomb = zip(Map.of("bomb.jpg", new byte[64 << 20]));
    ByteBuffer directory = ByteBuffer.wrap(bomb).order(ByteOrder.LITTLE_ENDIAN);
    int end = bomb.length - 22;
    directory.putInt(directory.getInt(end + 16) + 24, 500);
    SourceItem item = items(write(folder.resolve("liar.zip"), bomb)).get(0);

    assertThat(item.size()).isEqualTo(500);
    assertBroken(item, Kind.UNREADABLE, "not those that the zip's directory names (500 bytes");
  }

  @Test
  void damagedEncryptedAndOddEntriesAreBrokenAloneEach() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.jpg", bytes("first ".repeat(50)));
    entries.put("b.jpg", bytes("second ".repeat(50)));
    entries.put("c.jpg", bytes("third ".repeat(50)));
    entries.put("d.jpg", bytes("fourth ".repeat(50)));
    byte[] archive = zip(entries);
    ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int[] headers = directory(bytes, 4);
    bytes.put(bytes.getInt(headers[0] + 42) + 30 + 5 + 3, (byte) 0xFF); // in the deflated bytes
    bytes.putShort(headers[1] + 8, (short) (bytes.getShort(headers[1] + 8) | 1)); // encrypted
    bytes.putShort(headers[2] + 10, (short) 14); // LZMA

    List<SourceItem> items = items(write(folder.resolve("d.zip"), archive));

    assertThat(items)
        .extracting(SourceItem::relativePath)
        .containsOnlyOnceElementsOf(entries.keySet());
    assertBroken(named(items, "a.jpg"), Kind.UNREADABLE, "its ");
    assertBroken(named(items, "b.jpg"), Kind.UNREADABLE, "it is encrypted");
    assertBroken(named(items, "c.jpg"), Kind.UNREADABLE, "method 14");
    assertThat(read(named(items, "d.jpg"))).isEqualTo(entries.get("d.jpg"));
  }

  @Test
  void aZipWithoutItsEndIsOneItem() throws IOException {
    byte[] archive = zip(Map.of("a.jpg", bytes("a".repeat(1000))));
    byte[] cut = Arrays.copyOf(archive, archive.length - 30);

    for (byte[] content : List.of(cut, bytes("PK no zip"), new byte[100])) {
      List<SourceItem> items = items(write(folder.resolve("cut.zip"), content));
      assertThat(items).extracting(SourceItem::relativePath).containsExactly("cut.zip");
      assertBroken(items.get(0), Kind.UNREADABLE, "no zip archive, or its end is missing");
    }
  }

  private static SourceItem named(List<SourceItem> items, String name) {
    return items.stream().filter(i -> i.relativePath().equals(name)).findAny().orElseThrow();
  }

  /** Where the directory's headers are. */
  private static int[] directory(ByteBuffer zip, int entries) {
    int[] headers = new int[entries];
    int at = zip.getInt(zip.capacity() - 22 + 16);
    for (int i = 0; i < entries; i++) {
      headers[i] = at;
      at += 46 + zip.getShort(at + 28) + zip.getShort(at + 30) + zip.getShort(at + 32);
    }
    return headers;
  }

  private static void add(ZipArchiveOutputStream zip, String name, int method, String content)
      throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setMethod(method);
    byte[] bytes = bytes(content);
    entry.setSize(bytes.length);
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    zip.putArchiveEntry(entry);
    zip.write(bytes);
    zip.closeArchiveEntry();
  }
}
