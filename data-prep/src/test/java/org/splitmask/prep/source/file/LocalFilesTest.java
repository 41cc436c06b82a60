/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.source.Listings.assertBroken;
import static org.splitmask.prep.source.Listings.below;
import static org.splitmask.prep.source.Listings.bytes;
import static org.splitmask.prep.source.Listings.texts;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.source.Listings;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.RemarkKind;
import org.splitmask.prep.source.item.SourceItem;

class LocalFilesTest {
  private static final List<String> NAMES =
      List.of(
          "Käfer/ü1.jpg",
          "猫/1.jpg",
          "🐱/😀.jpg",
          "e\u0301/nfd.jpg",
          "\u00e9/nfc.jpg",
          "a b/ 1 .jpg",
          "50%/%20.jpg",
          "#x/a#b?c.jpg",
          "[1]/{x}*.jpg",
          "co:lon/12:30.jpg",
          "back\\slash/a\\b.jpg",
          "back\\xE4/literal.jpg",
          "new\nline/a\tb.jpg",
          "bang!/x.jpg");

  @TempDir private Path folder;
  private final Map<String, String> expected = new TreeMap<>();

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name : NAMES) {
      write(name.getBytes(StandardCharsets.UTF_8), name);
      expected.put(name.replace("\\xE4", "\\x5CxE4"), name);
    }
    // Latin-1: no UTF-8, and another folder than the one that is called so literally.
    write("back\u00E4/b\u00E4r.jpg".getBytes(StandardCharsets.ISO_8859_1), "latin");
    expected.put("back\\xE4/b\\xE4r.jpg", "latin");
  }

  /** A file below the folder; a URI alone can name bytes that the locale does not know. */
  private void write(byte[] name, String content) throws IOException {
    StringBuilder uri = new StringBuilder(folder.toUri().toString()).append("in/");
    for (byte b : name) {
      uri.append(b == '/' ? "/" : String.format(Locale.ROOT, "%%%02x", b));
    }
    Path file = Path.of(URI.create(uri.toString()));
    Files.createDirectories(file.getParent());
    Files.write(file, bytes(content));
  }

  @Test
  void everyNameIsFoundAndOpened() {
    assertThat(texts(below(folder + "/in"))).isEqualTo(expected);
  }

  @Test
  void namesThatAreNoUtf8AreTold() {
    List<Finding> found = Listings.found(folder + "/in");

    assertThat(Listings.remarks(found, RemarkKind.ESCAPED_FILE_NAME))
        .containsExactlyInAnyOrder(
            "file:" + folder + "/in/back\\xE4", "file:" + folder + "/in/back\\xE4/b\\xE4r.jpg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "xx_XX.UTF-8"})
  void theSameIsFoundInEveryLocale(String locale) throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ListAsHex.class.getName(),
            folder + "/in");
    process.environment().keySet().removeIf(key -> key.startsWith("LC_") || key.equals("LANG"));
    if (!locale.isEmpty()) {
      process.environment().put("LC_ALL", locale);
    }
    Process started = process.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

    assertThat(started.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output).isEqualTo(ListAsHex.lines(folder + "/in"));
    assertThat(output.lines()).hasSize(expected.size());
  }

  @Test
  void whatIsThereAndCannotBeOpenedIsBroken() throws Exception {
    Path odd = Files.createDirectories(folder.resolve("odd/sub"));
    Files.createSymbolicLink(odd.resolve("dangling.jpg"), Path.of("/not/mounted/a.jpg"));
    Files.createSymbolicLink(odd.resolve("folder"), Path.of("/not/mounted"));
    Files.createSymbolicLink(odd.resolve("self.jpg"), Path.of("self.jpg"));
    Files.createSymbolicLink(odd.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(odd.resolve("b"), Path.of("a"));
    Files.createSymbolicLink(odd.resolve("zero.jpg"), Path.of("/dev/zero"));
    Files.createSymbolicLink(odd.resolve("under.jpg"), odd.resolve("good.jpg/x"));
    Files.write(odd.resolve("good.jpg"), bytes("good"));
    Files.createSymbolicLink(odd.resolve("link.jpg"), Path.of("good.jpg"));
    assertThat(new ProcessBuilder("mkfifo", odd.resolve("pipe.jpg").toString()).start().waitFor())
        .isZero();
    List<SourceItem> items;
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A socket's path must be short.
      Path place = Files.createTempDirectory(Path.of("/tmp"), "s");
      Path file = place.resolve("s.jpg");
      socket.bind(UnixDomainSocketAddress.of(file));
      Files.createSymbolicLink(odd.resolve("socket.jpg"), file);
      items = new ArrayList<>(below(folder + "/odd"));
      Files.delete(file);
      Files.delete(place);
    }

    Map<String, SourceItem> byName = new TreeMap<>();
    items.forEach(item -> byName.put(item.relativePath().substring("sub/".length()), item));
    assertThat(byName)
        .containsOnlyKeys(
            "a",
            "b",
            "dangling.jpg",
            "folder",
            "good.jpg",
            "link.jpg",
            "pipe.jpg",
            "self.jpg",
            "socket.jpg",
            "under.jpg",
            "zero.jpg");
    for (String name : List.of("dangling.jpg", "folder", "under.jpg")) {
      assertBroken(byName.get(name), Kind.UNREADABLE, "a link to", "is not there");
    }
    for (String name : List.of("a", "b", "self.jpg")) {
      assertBroken(byName.get(name), Kind.UNREADABLE, "leads back to itself");
    }
    for (String name : List.of("pipe.jpg", "socket.jpg", "zero.jpg")) {
      assertBroken(byName.get(name), Kind.UNREADABLE, "a pipe, socket or device");
    }
    assertThat(byName.get("folder").hidesWhatIsBelow()).isTrue();
    assertThat(byName.get("link.jpg").size()).isEqualTo(4);
  }

  @Test
  void aPathThatIsNotThereYetIsRealByItsFolder() throws IOException {
    Files.createDirectories(folder.resolve("disk/ä"));
    Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("disk"));

    assertThat(LocalFiles.real("file:" + folder + "/alias/ä/t/u"))
        .isEqualTo("file:" + folder.toRealPath() + "/disk/ä/t/u");
    assertThat(LocalFiles.real("file:/")).isEqualTo("file:/");
  }

  /** Prints what is found in a folder, in ASCII. */
  static final class ListAsHex {
    private ListAsHex() {}

    public static void main(String[] arguments) throws IOException {
      try (OutputStream out = System.out) {
        out.write(lines(arguments[0]).getBytes(StandardCharsets.US_ASCII));
      }
    }

    static String lines(String folder) {
      StringBuilder lines = new StringBuilder();
      texts(below(folder))
          .forEach(
              (name, text) -> lines.append(hex(name)).append(' ').append(hex(text)).append('\n'));
      return lines.toString();
    }

    private static String hex(String text) {
      return HexFormat.of().formatHex(bytes(text));
    }
  }
}
