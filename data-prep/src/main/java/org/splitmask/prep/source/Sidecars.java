/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sidecars of an archive, by WebDataset's convention: key.cls, key.json and key.txt say
 * something of key.jpg. The label is the text of .cls; failing that the "label" of .json; failing
 * that the text of .txt if it is one short line, for .txt is usually a caption.
 */
final class Sidecars {
  /** Longer ones are no labels; they are not read. */
  static final int LONGEST_BYTES = 64 << 10;

  static final String TOO_LONG = "is longer than " + (LONGEST_BYTES >> 10) + " KiB";

  private static final int LONGEST_TEXT = 100;
  private static final int LONGEST_WORD = 1000;
  private static final Set<String> EXTENSIONS = Set.of("cls", "json", "txt");
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Sidecar> byKey = new HashMap<>();
  private final Consumer<String> ignored;

  private static final class Sidecar {
    private @Nullable String labelOfClass;
    private @Nullable String labelOfText;
    private @Nullable String labelOfJson;
    private @Nullable String split;
    private @Nullable String group;
  }

  /**
   * No sidecars yet.
   *
   * @param ignored called for each that is too long or cannot be understood
   */
  Sidecars(Consumer<String> ignored) {
    this.ignored = ignored;
  }

  void addLink(String name, String target) {}

  void followLinks() {}

  static boolean isSidecar(String name) {
    return EXTENSIONS.contains(EntryName.extension(name));
  }

  /** Notes a sidecar that cannot be read, or is too long to be. */
  void unreadable(String name, String why) {
    ignored.accept(name + ": " + why);
  }

  void add(String name, byte[] content) {
    Sidecar sidecar = byKey.computeIfAbsent(EntryName.stem(name), key -> new Sidecar());
    String text = new String(content, StandardCharsets.UTF_8).strip();
    switch (EntryName.extension(name)) {
      case "cls" -> sidecar.labelOfClass = word(text);
      case "txt" -> sidecar.labelOfText = isShortLine(text) ? text : null;
      default -> addJson(sidecar, content);
    }
  }

  /** What is said of an entry: under its name without extension first, then under its key. */
  @Nullable Hints of(String name) {
    Sidecar sidecar = byKey.get(EntryName.stem(name));
    if (sidecar == null) {
      sidecar = byKey.get(EntryName.key(name));
    }
    return sidecar == null
        ? null
        : Hints.of(
            first(sidecar.labelOfClass, sidecar.labelOfJson, sidecar.labelOfText),
            sidecar.split,
            sidecar.group);
  }

  private void addJson(Sidecar sidecar, byte[] content) {
    try (JsonParser json = JSON.createParser(content)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        ignored.accept("");
        return;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        boolean scalar = json.nextToken().isScalarValue();
        String value =
            scalar && json.currentToken() != JsonToken.VALUE_NULL ? word(json.getText()) : null;
        switch (field) {
          case "label" -> sidecar.labelOfJson = value;
          case "split" -> sidecar.split = value;
          case "group" -> sidecar.group = value;
          default -> json.skipChildren();
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      ignored.accept("");
    }
  }

  /** A word that may be a label; none where it is empty, and where it is absurdly long. */
  private @Nullable String word(String text) {
    String word = text.strip();
    if (word.length() > LONGEST_WORD) {
      ignored.accept("");
      return null;
    }
    return word.isEmpty() ? null : word;
  }

  private static boolean isShortLine(String text) {
    return !text.isEmpty() && text.length() <= LONGEST_TEXT && text.lines().count() == 1;
  }

  private static @Nullable String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
