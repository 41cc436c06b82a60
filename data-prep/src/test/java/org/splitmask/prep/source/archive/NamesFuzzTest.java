/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.source.archive.RawArchives.utf8;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.prep.Archives;
import org.splitmask.prep.source.Listings;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.text.EscapedName;

/**
 * Names of random letters and random bytes in every kind of container: everything is found, as an
 * item, a companion or a skipped name, and no two different names or folders become one.
 */
class NamesFuzzTest {
  private static final int ROUNDS = 60;
  private static final int ENTRIES = 30;
  private static final List<String> ALPHABETS =
      List.of(
          "abcXYZ019_-",
          "äöüßéñ",
          "猫犬鳥表",
          "🐱😀",
          "е\u0301o\u0308",
          " .!#%&'()+,;=@[]^`{}~$",
          "\\x:*?\"<>|");
  private static final List<String> ENDS =
      List.of(".jpg", ".JPEG", ".png", "", ".tif", ".cls", ".txt", ".json", ".npy", ".jpg.bak");
  private static final List<String> STARTS =
      List.of("", "", "", "", "_", ".", "._", "_SUCCESS", "__MACOSX", "Thumbs.db");
  private static final List<Charset> CHARSETS =
      List.of(
          StandardCharsets.UTF_8,
          StandardCharsets.ISO_8859_1,
          Charset.forName("windows-31j"),
          Charset.forName("gbk"),
          Charset.forName("euc-kr"));

  @TempDir private Path folder;

  private enum Kind {
    FOLDER,
    TAR_USTAR,
    TAR_PAX,
    TAR_GZIP,
    ZIP_UNIX,
    ZIP_DOS,
    ZIP_FLAG,
    ZIP_FIELD
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everythingIsFoundAndNothingBecomesOne(Kind kind) throws IOException {
    int items = 0;
    int asides = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Map<String, byte[]> names = names(random, kind);
      Path place = folder.resolve(kind.name() + seed);

      List<Finding> found = Listings.found(make(place, kind, names).toString());

      String what = "%s, seed %d".formatted(kind, seed);
      long aside = Listings.asides(found).values().stream().mapToLong(Long::longValue).sum();
      List<SourceItem> listed = Listings.items(found);
      assertThat(listed.size() + aside).as(what).isEqualTo(names.size());
      assertThat(Listings.damages(found)).as(what).isEmpty();
      assertThat(listed).extracting(SourceItem::path).as(what).doesNotHaveDuplicates();
      Map<String, String> folderOf = new HashMap<>();
      for (SourceItem item : listed) {
        // The content is the name in hexadecimal: so it is known what was misread for what.
        String hex = new String(Listings.read(item), StandardCharsets.US_ASCII);
        assertThat(names).as(what).containsKey(hex);
        String raw = latin(names.get(hex));
        String parent = raw.substring(0, raw.lastIndexOf('/'));
        String label = String.valueOf(item.folderName());
        String other = folderOf.putIfAbsent(label, lastPart(parent));
        assertThat(other == null ? lastPart(parent) : other)
            .as("%s: %s has the label %s", what, hex, label)
            .isEqualTo(lastPart(parent));
      }
      items += listed.size();
      asides += (int) aside;
    }
    assertThat(items).isGreaterThan(ROUNDS * ENTRIES / 4);
    assertThat(asides).isGreaterThan(ROUNDS);
  }

  @Test
  void theTextOfEveryNameLeadsBackToItsBytes() {
    Set<String> texts = new HashSet<>();
    Set<String> bytes = new HashSet<>();
    for (int seed = 0; seed < 500; seed++) {
      for (byte[] name : names(new Random(seed), Kind.TAR_PAX).values()) {
        texts.add(EscapedName.of(name));
        bytes.add(latin(name));
        assertThat(EscapedName.bytes(EscapedName.of(name))).isEqualTo(name);
      }
    }
    assertThat(texts).hasSameSizeAs(bytes);
  }

  /** Names as bytes, by their hexadecimal digits. */
  private static Map<String, byte[]> names(Random random, Kind kind) {
    Map<String, byte[]> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    while (names.size() < ENTRIES) {
      byte[] name =
          join(
              // A folder of the disk that is skipped counts once, whatever is in it.
              part(random, kind, kind == Kind.FOLDER ? "d" : pick(STARTS, random), ""),
              part(random, kind, pick(STARTS, random), pick(ENDS, random)));
      // A name that is a folder of another cannot be on a disk; nor do archives hold such.
      if (name.length <= 100 && taken.add(latin(name))) {
        names.put(HexFormat.of().formatHex(name), name);
      }
    }
    return names;
  }

  private static byte[] part(Random random, Kind kind, String start, String end) {
    StringBuilder text = new StringBuilder(start);
    String alphabet = pick(ALPHABETS, random);
    int[] letters = alphabet.codePoints().toArray();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    text.append(end);
    boolean utf8 = kind == Kind.ZIP_FLAG || kind == Kind.ZIP_FIELD;
    byte[] bytes = text.toString().getBytes(utf8 ? StandardCharsets.UTF_8 : pick(CHARSETS, random));
    if (!utf8 && random.nextInt(5) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) (0x80 + random.nextInt(0x80));
    }
    return bytes;
  }

  private static Path make(Path place, Kind kind, Map<String, byte[]> names) throws IOException {
    RawArchives.Tar tar = new RawArchives.Tar();
    RawArchives.Zip zip = new RawArchives.Zip();
    for (Map.Entry<String, byte[]> entry : names.entrySet()) {
      byte[] name = entry.getValue();
      byte[] content = utf8(entry.getKey());
      switch (kind) {
        case FOLDER -> writeFile(place, name, content);
        case TAR_USTAR, TAR_GZIP -> tar.file(name, content);
        case TAR_PAX -> tar.pax("path", name).file(utf8("short"), content);
        case ZIP_UNIX -> zip.file(name, 0, RawArchives.UNIX, new byte[0], content);
        case ZIP_DOS -> zip.file(name, 0, RawArchives.DOS, new byte[0], content);
        case ZIP_FLAG ->
            zip.file(name, RawArchives.UTF8_NAMES, RawArchives.DOS, new byte[0], content);
        case ZIP_FIELD -> {
          byte[] ascii = utf8("n" + entry.getKey());
          String text = new String(name, StandardCharsets.UTF_8);
          byte[] field = RawArchives.unicodePath(ascii, text);
          zip.file(ascii, 0, RawArchives.DOS, field, content);
        }
      }
    }
    return switch (kind) {
      case FOLDER -> place;
      case TAR_USTAR, TAR_PAX -> Listings.write(Path.of(place + ".tar"), tar.end(2));
      case TAR_GZIP -> Listings.write(Path.of(place + ".tgz"), Archives.gzip(tar.end(2)));
      case ZIP_UNIX, ZIP_DOS, ZIP_FLAG, ZIP_FIELD ->
          Listings.write(Path.of(place + ".zip"), zip.end());
    };
  }

  private static void writeFile(Path place, byte[] name, byte[] content) throws IOException {
    StringBuilder uri = new StringBuilder("file://" + place.toUri().getRawPath());
    uri.append(uri.charAt(uri.length() - 1) == '/' ? "" : "/");
    for (byte b : name) {
      uri.append(b == '/' ? "/" : String.format(Locale.ROOT, "%%%02x", b));
    }
    Path file = Path.of(URI.create(uri.toString()));
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private static byte[] join(byte[] folder, byte[] file) {
    byte[] name = Arrays.copyOf(folder, folder.length + 1 + file.length);
    name[folder.length] = '/';
    System.arraycopy(file, 0, name, folder.length + 1, file.length);
    return name;
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String latin(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
