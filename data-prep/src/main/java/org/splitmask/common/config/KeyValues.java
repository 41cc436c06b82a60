/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * Key-value settings as people write them, and the one place where precedence is decided: command
 * line over file over default.
 *
 * @param values the settings by kebab-case key
 */
public record KeyValues(Map<String, String> values) {
  /** A configuration file is a page of text; anything longer is the wrong file. */
  private static final int LONGEST_FILE_BYTES = 1 << 20;

  public KeyValues {
    values = Map.copyOf(values);
  }

  public static KeyValues none() {
    return new KeyValues(Map.of());
  }

  /** Parses {@code key=value} words of the command line; a key given twice is refused. */
  public static KeyValues ofWords(Collection<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      Check.that(
          equals > 0, "setting '%s' is not of the form key=value; see --help for the keys", word);
      String key = word.substring(0, equals);
      String previous = values.put(key, word.substring(equals + 1));
      Check.that(previous == null, "key %s is given twice on the command line", key);
    }
    return new KeyValues(values);
  }

  /**
   * Parses a flat YAML mapping of scalars (lists of scalars become comma-separated).
   *
   * @param name the file's name, for messages
   */
  public static KeyValues ofYaml(InputStream stream, String name) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    mapping(stream, name)
        .forEach((key, value) -> values.put(String.valueOf(key), text(name, key, value)));
    return new KeyValues(values);
  }

  /**
   * Parses a YAML mapping of scalars and further mappings; the key of a value has the names that
   * lead to it, with dots between them.
   *
   * @param name the file's name, for messages
   */
  public static KeyValues ofYamlTree(InputStream stream, String name) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    flatten(name, "", mapping(stream, name), values);
    return new KeyValues(values);
  }

  private static void flatten(
      String name, String prefix, Map<?, ?> mapping, Map<String, String> values) {
    mapping.forEach(
        (key, value) -> {
          String path = prefix + key;
          if (value instanceof Map<?, ?> inner) {
            flatten(name, path + ".", inner, values);
          } else {
            Check.that(
                values.put(path, text(name, path, value)) == null, "%s has %s twice", name, path);
          }
        });
  }

  private static Map<?, ?> mapping(InputStream stream, String name) throws IOException {
    byte[] bytes = stream.readNBytes(LONGEST_FILE_BYTES + 1);
    Check.that(
        bytes.length <= LONGEST_FILE_BYTES,
        "%s is longer than %d bytes; a configuration file is a short YAML mapping",
        name,
        LONGEST_FILE_BYTES);
    Object document;
    try {
      document =
          new Load(LoadSettings.builder().setLabel(name).setAllowDuplicateKeys(false).build())
              .loadFromString(new String(bytes, StandardCharsets.UTF_8));
    } catch (YamlEngineException e) {
      throw Check.failure(Blame.USER, "%s is not YAML: %s", name, oneLine(e));
    }
    if (document == null) {
      return Map.of();
    }
    if (document instanceof Map<?, ?> mapping) {
      return mapping;
    }
    throw Check.failure(Blame.USER, "%s must be a mapping of keys to values", name);
  }

  /** These values, and for keys that are absent here those of the other. */
  public KeyValues over(KeyValues weaker) {
    Map<String, String> merged = new LinkedHashMap<>(weaker.values);
    merged.putAll(values);
    return new KeyValues(merged);
  }

  /** The parser shows what it read, with a mark below it, on several lines. */
  private static String oneLine(YamlEngineException failure) {
    return String.valueOf(failure.getMessage())
        .lines()
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  private static String text(String name, Object key, Object value) {
    if (value instanceof List<?> list) {
      return String.join(",", list.stream().map(String::valueOf).toList());
    }
    Check.that(
        value != null && !(value instanceof Map),
        "%s: the value of %s must be a scalar; keys are flat",
        name,
        key);
    return String.valueOf(value);
  }
}
