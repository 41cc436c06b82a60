/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/**
 * Turns settings into configuration records and back. A record component is either a {@link Key} or
 * another record of keys; names are flat and unique over the whole tree.
 */
public final class Configurations {
  private Configurations() {}

  /** One declared key, as {@code --help} and the README list it. */
  public record Declared(String key, String defaultValue, String help, String type) {}

  /**
   * Builds the record; every given key must be declared, every missing one takes its default.
   *
   * @throws SplitMaskException blaming the user: unknown key, malformed value or a bound broken
   */
  public static <R extends Record> R bind(Class<R> type, KeyValues settings) {
    Map<String, RecordComponent> known = components(type);
    TreeSet<String> unknown = new TreeSet<>(settings.values().keySet());
    unknown.removeAll(known.keySet());
    Check.that(unknown.isEmpty(), "unknown keys %s; known keys are %s", unknown, known.keySet());
    return build(type, settings.values());
  }

  /** The effective settings of a record, sorted by key: what is logged and kept with the run. */
  public static Map<String, String> effective(Record configuration) {
    Map<String, String> values = new TreeMap<>();
    for (RecordComponent component : configuration.getClass().getRecordComponents()) {
      Object value = valueOf(configuration, component);
      if (value instanceof Record nested && !component.isAnnotationPresent(Key.class)) {
        values.putAll(effective(nested));
      } else {
        values.put(kebab(component.getName()), print(value));
      }
    }
    return values;
  }

  /** The declared keys of a configuration, in order of declaration. */
  public static List<Declared> declared(Class<? extends Record> type) {
    List<Declared> keys = new ArrayList<>();
    components(type)
        .forEach(
            (name, component) -> {
              Key key = component.getAnnotation(Key.class);
              keys.add(new Declared(name, key.defaultValue(), key.help(), typeName(component)));
            });
    return keys;
  }

  private static Map<String, RecordComponent> components(Class<? extends Record> type) {
    Map<String, RecordComponent> found = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.isAnnotationPresent(Key.class)) {
        putUnique(found, kebab(component.getName()), component);
      } else {
        components(component.getType().asSubclass(Record.class))
            .forEach((name, nested) -> putUnique(found, name, nested));
      }
    }
    return found;
  }

  private static void putUnique(
      Map<String, RecordComponent> found, String name, RecordComponent component) {
    Check.invariant(found.put(name, component) == null, "key %s is declared twice", name);
  }

  private static <R extends Record> R build(Class<R> type, Map<String, String> settings) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Key key = components[i].getAnnotation(Key.class);
      if (key == null) {
        arguments[i] = build(components[i].getType().asSubclass(Record.class), settings);
      } else {
        String name = kebab(components[i].getName());
        arguments[i] = parse(name, settings.getOrDefault(name, key.defaultValue()), types[i]);
      }
    }
    return instantiate(type, types, arguments);
  }

  private static <R extends Record> R instantiate(
      Class<R> type, Class<?>[] types, Object[] arguments) {
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new SplitMaskException(Blame.BUG, "cannot build " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new SplitMaskException(Blame.BUG, "cannot build " + type.getName(), e);
    }
  }

  private static Object parse(String key, String text, Class<?> type) {
    try {
      if (type == int.class) {
        return Integer.parseInt(text.trim());
      } else if (type == long.class) {
        return Long.parseLong(text.trim());
      } else if (type == double.class) {
        double value = Double.parseDouble(text.trim());
        Check.that(Double.isFinite(value), "key %s must be a finite number, was %s", key, text);
        return value;
      } else if (type == boolean.class) {
        return parseBoolean(key, text.trim());
      } else if (type == String.class) {
        return text;
      } else if (type.isEnum()) {
        return parseEnum(key, text, type);
      }
    } catch (NumberFormatException e) {
      throw Check.failure(Blame.USER, "key %s must be %s, was '%s'", key, describe(type), text);
    }
    throw Check.failure(Blame.BUG, "key %s has the unsupported type %s", key, type.getName());
  }

  private static boolean parseBoolean(String key, String text) {
    Check.that(
        text.equals("true") || text.equals("false"),
        "key %s must be true or false, was '%s'",
        key,
        text);
    return text.equals("true");
  }

  private static Object parseEnum(String key, String text, Class<?> type) {
    List<String> allowed = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = kebab((Enum<?>) constant);
      if (name.equals(text.trim())) {
        return constant;
      }
      allowed.add(name);
    }
    throw Check.failure(Blame.USER, "key %s must be one of %s, was '%s'", key, allowed, text);
  }

  private static String describe(Class<?> type) {
    return type == double.class ? "a number" : "a whole number";
  }

  private static String typeName(RecordComponent component) {
    Class<?> type = component.getType();
    if (type.isEnum()) {
      return String.join(
          " | ", Arrays.stream(type.getEnumConstants()).map(c -> kebab((Enum<?>) c)).toList());
    }
    if (type == boolean.class) {
      return "true | false";
    }
    return type == String.class ? "text" : describe(type).replaceFirst("^a ", "");
  }

  private static Object valueOf(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new SplitMaskException(Blame.BUG, "cannot read " + component, e);
    }
  }

  private static String print(Object value) {
    return value instanceof Enum<?> constant ? kebab(constant) : String.valueOf(value);
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
