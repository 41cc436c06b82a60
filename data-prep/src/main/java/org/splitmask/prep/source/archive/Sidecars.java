/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.text.EntryName;
import org.splitmask.prep.source.text.Utf8;
import org.splitmask.prep.source.text.Words;

/**
 * The sidecars of an archive, by WebDataset's convention: key.cls, key.json and key.txt say
 * something of key.jpg. The label is the text of .cls; failing that the "label" of .json; failing
 * that the text of .txt if it is one short line, for .txt is usually a caption; failing that the
 * folder. A label that is there and cannot be used is told, and no weaker one takes its place: that
 * would be another label than the one that was meant.
 */
final class Sidecars {
  /** Longer ones are no labels; they are not read. */
  static final int LONGEST_BYTES = 64 << 10;

  static final String TOO_LONG = "is longer than " + (LONGEST_BYTES >> 10) + " KiB";

  private static final int LONGEST_TEXT = 100;
  private static final Set<String> EXTENSIONS = Set.of("cls", "json", "txt");

  /** Two numbers or more: a box of an object, not a class. */
  private static final Pattern NUMBERS = Pattern.compile("[-+.\\deE]+(\\s+[-+.\\deE]+)+");

  private final Map<String, Sidecar> byKey = new HashMap<>();
  private final Map<String, String> links = new TreeMap<>();
  private final Consumer<String> ignored;

  /** What is said under one key. */
  private static final class Sidecar {
    private @Nullable Said ofClass;
    private @Nullable Said ofJson;
    private @Nullable Said ofText;
    private @Nullable String split;
    private @Nullable String group;

    /** Says the same of another key as a sidecar of that extension; false where there is none. */
    private boolean copy(String extension, Sidecar to) {
      switch (extension) {
        case "cls" -> to.ofClass = ofClass;
        case "txt" -> to.ofText = ofText;
        default -> {
          to.ofJson = ofJson;
          to.split = split;
          to.group = group;
        }
      }
      return switch (extension) {
        case "cls" -> ofClass != null;
        case "txt" -> ofText != null;
        default -> ofJson != null || split != null || group != null;
      };
    }

    private @Nullable Said label() {
      if (ofClass != null) {
        return ofClass;
      }
      return ofJson == null ? ofText : ofJson;
    }
  }

  /** A label, or that there was one of which nothing can be made. */
  private record Said(@Nullable String label) {
    static final Said UNUSABLE = new Said(null);
  }

  /**
   * No sidecars yet.
   *
   * @param ignored told of each that cannot be used: its name and why
   */
  Sidecars(Consumer<String> ignored) {
    this.ignored = ignored;
  }

  static boolean isSidecar(String name) {
    return EXTENSIONS.contains(EntryName.extension(name));
  }

  /** Notes a sidecar that cannot be read, or is too long to be. */
  void unreadable(String name, String why) {
    tell(name, why);
    if (EntryName.extension(name).equals("cls")) {
      sidecar(name).ofClass = Said.UNUSABLE;
    }
  }

  /** A sidecar that is another one under a second name, from the archive's top. */
  void addLink(String name, String target) {
    links.put(name, target);
  }

  /** Reads what links lead to; to be called when all sidecars are there. */
  void followLinks() {
    links.forEach(
        (name, target) -> {
          String at = EntryName.withoutSteps(target);
          for (int i = 0; i < ArchiveLinks.MOST_FOLLOWED && links.containsKey(at); i++) {
            at = EntryName.withoutSteps(links.getOrDefault(at, ""));
          }
          Sidecar other = byKey.get(EntryName.stem(at));
          boolean same = EntryName.extension(at).equals(EntryName.extension(name));
          if (other == null || !same || !other.copy(EntryName.extension(name), sidecar(name))) {
            unreadable(name, "is a link to " + target + ", which is no sidecar of its archive");
          }
        });
    links.clear();
  }

  void add(String name, byte[] content) {
    Sidecar sidecar = sidecar(name);
    int fault = Utf8.fault(content);
    String text = fault < 0 ? Utf8.text(content) : "";
    String noText = fault < 0 ? null : "no UTF-8 at byte " + fault;
    switch (EntryName.extension(name)) {
      case "cls" -> addClass(sidecar, name, text, noText);
      case "txt" -> addText(sidecar, name, text, noText, content.length);
      default -> addJson(sidecar, name, text, noText);
    }
  }

  /** What is said of an entry: under its name without extension first, then under its key. */
  @Nullable Hints of(String name) {
    String path = EntryName.withoutSteps(name);
    Sidecar own = byKey.getOrDefault(EntryName.stem(path), new Sidecar());
    Sidecar shared = byKey.getOrDefault(EntryName.key(path), own);
    Said label = own.label() == null ? shared.label() : own.label();
    return Hints.of(
        label == null ? null : label.label() == null ? Hints.UNUSABLE : label.label(),
        own.split == null ? shared.split : own.split,
        own.group == null ? shared.group : own.group);
  }

  private void addClass(Sidecar sidecar, String name, String text, @Nullable String noText) {
    sidecar.ofClass = agreed(name, sidecar.ofClass, said(name, text, noText));
  }

  /** What two sidecars of one key say: nothing that can be used where they contradict. */
  private Said agreed(String name, @Nullable Said before, Said now) {
    if (before == null || before.equals(now)) {
      return now;
    }
    // .cls and .CLS, or tars one behind the other: whose label it is nobody can know.
    tell(name, "another sidecar of its key says something else");
    return Said.UNUSABLE;
  }

  private @Nullable String agreed(String name, @Nullable String before, @Nullable String now) {
    if (before == null || now == null || before.equals(now)) {
      return now == null ? before : now;
    }
    tell(name, "another sidecar of its key says " + before + " and not " + now);
    return null;
  }

  private Said said(String name, String text, @Nullable String noText) {
    String why = noText == null ? SidecarJson.fault(Words.strip(text)) : noText;
    if (why != null) {
      tell(name, why);
      return Said.UNUSABLE;
    }
    return new Said(Words.clean(text));
  }

  private void addText(
      Sidecar sidecar, String name, String text, @Nullable String noText, int bytes) {
    String line = Words.strip(text);
    if (noText != null) {
      if (bytes <= LONGEST_TEXT) {
        sidecar.ofText = agreed(name, sidecar.ofText, said(name, "", noText));
      }
    } else if (!line.isEmpty()
        && line.length() <= LONGEST_TEXT
        && line.lines().count() == 1
        && !NUMBERS.matcher(line).matches()) {
      sidecar.ofText = agreed(name, sidecar.ofText, said(name, line, null));
    }
  }

  private void addJson(Sidecar sidecar, String name, String text, @Nullable String noText) {
    if (noText != null) {
      sidecar.ofJson = agreed(name, sidecar.ofJson, said(name, "", noText));
      return;
    }
    SidecarJson json;
    try {
      json = SidecarJson.of(text);
    } catch (IOException e) {
      tell(name, "no JSON: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      sidecar.ofJson = Said.UNUSABLE;
      return;
    }
    json.faults().forEach(why -> tell(name, why));
    if (json.label() != null || json.isLabelUnusable()) {
      Said now = json.label() == null ? Said.UNUSABLE : new Said(json.label());
      sidecar.ofJson = agreed(name, sidecar.ofJson, now);
    }
    sidecar.split = agreed(name, sidecar.split, json.split());
    sidecar.group = agreed(name, sidecar.group, json.group());
  }

  private Sidecar sidecar(String name) {
    return byKey.computeIfAbsent(
        EntryName.stem(EntryName.withoutSteps(name)), key -> new Sidecar());
  }

  private void tell(String name, String why) {
    ignored.accept(name + ": " + why);
  }
}
