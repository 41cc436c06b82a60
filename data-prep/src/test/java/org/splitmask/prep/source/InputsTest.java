/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.source.Listings.below;
import static org.splitmask.prep.source.Listings.bytes;
import static org.splitmask.prep.source.Listings.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.Archives;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceOptions;

/** Folders, globs, lists. */
class InputsTest {
  private static final SourceOptions OPTIONS =
      new SourceOptions(Listings.BYTES, "", "file:/no/output");

  @TempDir private Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name :
        List.of("2026-01/hats/a.jpg", "2026-01/b.jpg", "2026-02/b.jpg", "2027/c.jpg", "[x].jpg")) {
      write(folder.resolve(name), bytes(name));
    }
    write(folder.resolve("2026-01/.hidden/h.jpg"), bytes("h"));
    write(folder.resolve("2026-01/.h.jpg"), bytes("h"));
  }

  @Test
  void aGlobsRootIsTheFolderBeforeItsFirstWildcard() {
    assertThat(labels(folder + "/2026-*/*.jpg"))
        .containsOnly(Map.entry("2026-01/b.jpg", "2026-01"), Map.entry("2026-02/b.jpg", "2026-02"));
    assertThat(labels(folder + "/2026-*"))
        .containsOnly(
            Map.entry("2026-01/hats/a.jpg", "hats"),
            Map.entry("2026-01/b.jpg", "2026-01"),
            Map.entry("2026-02/b.jpg", "2026-02"));
    assertThat(labels(folder + "/{2026-01/hats,2027}/?.jpg")).hasSize(2);
    assertThat(labels(folder + "/*/hats/a.jpg")).containsOnlyKeys("2026-01/hats/a.jpg");
    assertThat(labels(folder + "/2026-01/.hid*/*")).containsOnlyKeys(".hidden/h.jpg");
  }

  @Test
  void alternativesOfAGlobMayBePlainPaths() {
    assertThat(labels(folder + "/{2026-01/hats,2027/*.jpg}")).containsOnlyKeys("a.jpg", "c.jpg");
    assertThat(labels(folder + "/{2026-01/b.jpg,2026-02/b.jpg}")).containsOnlyKeys("b.jpg");
    assertThat(below(folder + "/{2026-01/b.jpg,2026-02/b.jpg}")).hasSize(2);
    assertThat(roots("/no/output", folder + "/{2027,none}").globs())
        .as("what is not there must still be matched")
        .containsExactly(folder + "/{2027,none}");
  }

  @Test
  void aLineThatCanBeNoPathIsAnItem() throws IOException {
    Path list =
        write(
            folder.resolve("l.txt"),
            bytes("2027/c.jpg/x.jpg\n2027/c.jpg " + "caption ".repeat(50) + "\n2027/c.jpg\n"));

    List<SourceItem> items = below(list.toString());

    assertThat(items).hasSize(3);
    Listings.assertBroken(items.get(0), Kind.UNREADABLE, "line 1", "not there");
    Listings.assertBroken(items.get(1), Kind.UNREADABLE, "line 2", "not there");
    assertThat(items.get(2).isBroken()).isFalse();
  }

  @Test
  void aPathThatIsThereIsTakenLiterally() {
    assertThat(below(folder + "/[x].jpg"))
        .extracting(SourceItem::relativePath)
        .containsExactly("[x].jpg");
  }

  @Test
  void globsThatAreNoneAndOutputsInsideAreRefused() {
    refused(() -> roots("/no/output", folder + "/*/[z"), "is no glob", "[z");
    refused(
        () -> roots("file:" + folder + "/2026-07/t", folder + "/2026-*"),
        "inside the input",
        "2026-*");
    refused(
        () -> roots("file:" + folder + "/2026-01", folder.toString()),
        "would lie inside the input");
    refused(() -> roots("/no/output", folder + "/none"), "no such folder");
    refused(
        () -> roots("/no/output", folder + "/2026-01", folder + "/2027", folder + "/2026-01/hats"),
        "2026-01/hats lies inside the input",
        "2026-01; give the outer one alone");
    refused(() -> roots("/no/output", folder + "/2027", folder + "/2027/"), "2027 are the same");
    assertThat(roots("/no/output", folder + "/2026-01", folder + "/2026-02").found()).hasSize(2);
    assertThat(roots("/no/output", folder + "/none*").globs()).containsExactly(folder + "/none*");
  }

  @Test
  void aListNamesFilesContainersAndFolders() throws IOException {
    write(folder.resolve("2027/t.tar"), Archives.tar(Map.of("x.jpg", bytes("x"))));
    write(folder.resolve("lists/co:lon.jpg"), bytes("colon"));
    Path list =
        write(
            folder.resolve("lists/all.LST"),
            bytes(
                "\uFEFF# pictures\n\n  ../2026-01/b.jpg \r\nco:lon.jpg\n#x\n"
                    + folder
                    + "/2027\nfile://"
                    + folder
                    + "/2026-02/b.jpg\ngone.jpg"));

    List<SourceItem> items = below(list.toString());

    assertThat(items)
        .extracting(SourceItem::path)
        .containsExactlyInAnyOrder(
            "file:" + folder + "/2026-01/b.jpg",
            "file:" + folder + "/lists/co:lon.jpg",
            "file:" + folder + "/2027/c.jpg",
            "file:" + folder + "/2027/t.tar!/x.jpg",
            "file:" + folder + "/2026-02/b.jpg",
            "file:" + folder + "/lists/gone.jpg");
    SourceItem inList = named(items, "lists/co:lon.jpg");
    assertThat(inList.relativePath()).isEqualTo("co:lon.jpg");
    SourceItem outside = named(items, "2026-01/b.jpg");
    assertThat("/" + outside.relativePath()).isEqualTo(folder + "/2026-01/b.jpg");
    assertThat(outside.folderName()).isEqualTo("2026-01");
    Listings.assertBroken(
        named(items, "gone.jpg"), Kind.UNREADABLE, "line 8 of file:" + list, "is not there");
  }

  @ParameterizedTest
  @CsvSource({
    "none:///x.jpg, none, copy the files",
    "https://host/x.jpg, https, copy the files",
    "s3://bucket/x.jpg, s3, write s3a",
    "ofs://host/x.jpg, ofs, copy the files"
  })
  void aSchemeThatNoFilesystemReadsIsRefusedWithItsLine(String path, String scheme, String todo)
      throws IOException {
    String before = "# pictures\r\n\n../2026-01/b.jpg\n";
    Path list = write(folder.resolve("lists/l.txt"), bytes(before + path + "\n"));

    refused(
        () -> below(list.toString()),
        "line 4 of file:" + list + " names " + path,
        "no filesystem is registered for the scheme " + scheme + ";",
        todo);

    PathList later = new PathList("file:" + list, before.length(), Files.size(list));
    refused(
        () -> later.list(new SourceContext(Listings.HADOOP, OPTIONS)).next(),
        "line 4 of file:" + list + " names " + path);
  }

  @Test
  void everyLineOfAListIsReadOnceWhereverItIsCut() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append("p").append("x".repeat(i % 7)).append(i).append(i % 3 == 0 ? "\r\n" : "\n");
    }
    String list = "file:" + write(folder.resolve("l.txt"), bytes(text.toString()));
    List<String> whole = text.toString().lines().toList();

    for (int size = 1; size < text.length(); size += 13) {
      List<String> lines = new ArrayList<>();
      for (int start = 0; start < text.length(); start += size) {
        int end = Math.min(text.length(), start + size);
        new PathList(list, start, end)
            .lines(Listings.HADOOP)
            .forEach(line -> lines.add(line.text()));
      }
      assertThat(lines).as("parts of %d bytes", size).isEqualTo(whole);
    }
  }

  @Test
  void aLinkThatLeadsBackIsUnreadableAndEveryPictureIsFoundOnce() throws IOException {
    Path link = folder.resolve("2026-01/hats/back");
    Files.createSymbolicLink(link, folder.resolve("2026-01"));

    List<SourceItem> items = below(folder + "/2026-01");

    assertThat(items)
        .extracting(SourceItem::relativePath)
        .containsExactlyInAnyOrder("hats/a.jpg", "b.jpg", "hats/back");
    Listings.assertBroken(
        named(items, "hats/back"), Kind.UNREADABLE, "leads back to", folder + "/2026-01");

    Files.delete(link);
    Files.createSymbolicLink(folder.resolve("2027/to"), folder.resolve("2026-02"));
    assertThat(labels(folder + "/2027")).containsOnlyKeys("c.jpg", "to/b.jpg");
    Files.createSymbolicLink(folder.resolve("2026-02/from"), folder.resolve("2027"));
    assertThat(labels(folder + "/2027")).containsOnlyKeys("c.jpg", "to/b.jpg", "to/from");
  }

  @Test
  void foldersThatAreTooDeepAreRefused() throws IOException {
    Path deep = folder.resolve("2027");
    for (int i = 0; i < Folder.DEEPEST + 1; i++) {
      deep = deep.resolve("d");
    }
    write(deep.resolve("x.jpg"), bytes("x"));

    assertThatThrownBy(() -> below(folder + "/2027"))
        .hasMessageContaining("more than 100 folders deep")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
    assertThat(below(folder + "/2027/d")).hasSize(1);
  }

  private static SourceItem named(List<SourceItem> items, String end) {
    return items.stream().filter(i -> i.path().endsWith(end)).findAny().orElseThrow();
  }

  private static Map<String, String> labels(String input) {
    Map<String, String> labels = new TreeMap<>();
    for (SourceItem item : below(input)) {
      labels.put(item.relativePath(), String.valueOf(item.folderName()));
    }
    return labels;
  }

  private static InputRoots roots(String output, String... inputs) {
    try {
      return InputRoots.of(List.of(inputs), output, Listings.HADOOP);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.USER);
  }
}
