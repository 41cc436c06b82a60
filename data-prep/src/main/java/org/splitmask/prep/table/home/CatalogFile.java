/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * An Iceberg catalog as a file describes it: a name, and the properties that Iceberg's own loader
 * takes. Has no {@code toString}, because its properties have secrets.
 */
final class CatalogFile {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogFile.class);
  private static final String NAME = "name";
  private static final String PREFIX = "properties.";

  /** Catalogs that take the folder of their tables from this property, as a path. */
  private static final Set<String> TAKE_A_FOLDER =
      Set.of(
          CatalogUtil.ICEBERG_CATALOG_TYPE_HADOOP,
          CatalogUtil.ICEBERG_CATALOG_TYPE_JDBC,
          CatalogUtil.ICEBERG_CATALOG_TYPE_HIVE);

  private final String path;
  private final String name;
  private final Map<String, String> properties;
  private final CatalogSecrets secrets;

  private CatalogFile(
      String path, String name, Map<String, String> properties, CatalogSecrets secrets) {
    this.path = path;
    this.name = name;
    this.properties = properties;
    this.secrets = secrets;
  }

  /**
   * Reads a file and what it refers to.
   *
   * @param path on this machine, or with a scheme on any Hadoop filesystem
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where the file is not
   *     there, is not such a file, or has a secret in it
   */
  static CatalogFile read(String path, Configuration hadoop, CatalogSecrets secrets) {
    Map<String, String> values;
    try (InputStream stream = open(path, hadoop)) {
      values = KeyValues.ofYamlTree(stream, path).values();
    } catch (FileNotFoundException e) {
      throw Check.failure(Blame.USER, "no catalog file at %s (--catalog)", path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + " (--catalog): " + e.getMessage(), e);
    }
    Map<String, String> properties = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          Check.that(
              key.equals(NAME) || key.startsWith(PREFIX),
              "%s has the unknown key %s; a catalog file has %s, and %s with what Iceberg takes",
              path,
              key,
              NAME,
              PREFIX);
          if (key.startsWith(PREFIX)) {
            String property = key.substring(PREFIX.length());
            properties.put(property, secrets.resolve(path, property, value));
          }
        });
    String name = values.getOrDefault(NAME, "");
    Check.that(
        name.matches("[A-Za-z0-9_-]+"),
        "%s: %s must be letters, digits, _ and -, was '%s'; tables are called NAME.NAMESPACE.TABLE",
        path,
        NAME,
        name);
    Check.that(
        properties.containsKey(CatalogUtil.ICEBERG_CATALOG_TYPE)
            || properties.containsKey(CatalogProperties.CATALOG_IMPL),
        "%s: properties need %s (hadoop, jdbc, rest, hive, glue, nessie) or %s (a class)",
        path,
        CatalogUtil.ICEBERG_CATALOG_TYPE,
        CatalogProperties.CATALOG_IMPL);
    // What reads and writes elsewhere goes through Hadoop's filesystems too, with their settings.
    properties.putIfAbsent(CatalogProperties.FILE_IO_IMPL, HadoopFileIO.class.getName());
    CatalogFile file = new CatalogFile(path, name, properties, secrets);
    Check.that(
        !file.isFolder() || file.hasLock() || !ObjectStores.hold(new Path(file.warehouse())),
        "%s: a catalog of type hadoop is not safe at %s, since its commit is a rename, which object"
            + " stores have not; take type jdbc, rest, hive or glue, or give properties.%s",
        path,
        file.warehouse(),
        CatalogProperties.LOCK_IMPL);
    return file.withWholeWarehouse(hadoop);
  }

  private static InputStream open(String path, Configuration hadoop) throws IOException {
    Path given = new Path(path);
    if (given.toUri().getScheme() != null) {
      return given.getFileSystem(hadoop).open(given);
    }
    java.nio.file.Path local = java.nio.file.Path.of(path);
    if (!Files.isRegularFile(local)) {
      throw new FileNotFoundException(path);
    }
    return Files.newInputStream(local);
  }

  /** An executor may have another standard filesystem and another folder that it runs in. */
  private CatalogFile withWholeWarehouse(Configuration hadoop) {
    String warehouse = properties.get(CatalogProperties.WAREHOUSE_LOCATION);
    if (warehouse != null && TAKE_A_FOLDER.contains(type())) {
      try {
        Path folder = new Path(warehouse);
        FileSystem files = folder.getFileSystem(hadoop);
        if (ObjectStores.hold(folder)) {
          // Iceberg would try again for minutes, even where credentials are refused.
          LOG.debug("{} {}", warehouse, files.exists(folder) ? "is there" : "is to be made");
        }
        properties.put(
            CatalogProperties.WAREHOUSE_LOCATION, files.makeQualified(folder).toString());
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot reach the warehouse " + warehouse + " of " + path + ": " + e.getMessage(), e);
      }
    }
    return this;
  }

  /** The file, for messages. */
  String path() {
    return path;
  }

  /** The catalog's name, with which names of tables begin. */
  String name() {
    return name;
  }

  /** What Iceberg is given, with the secrets. */
  Map<String, String> properties() {
    return properties;
  }

  /** Takes secrets out of what others say. */
  CatalogSecrets secrets() {
    return secrets;
  }

  /** The kind of catalog in lower case; empty where it is a class. */
  String type() {
    return properties.getOrDefault(CatalogUtil.ICEBERG_CATALOG_TYPE, "").toLowerCase(Locale.ROOT);
  }

  /** Whether commits are renames in a folder, which nobody but the filesystem keeps apart. */
  boolean isFolder() {
    return type().equals(CatalogUtil.ICEBERG_CATALOG_TYPE_HADOOP)
        || CatalogUtil.ICEBERG_CATALOG_HADOOP.equals(
            properties.get(CatalogProperties.CATALOG_IMPL));
  }

  /** Whether it has a lock of its own for that. */
  boolean hasLock() {
    return properties.containsKey(CatalogProperties.LOCK_IMPL);
  }

  /** Where its tables are made; empty where the catalog itself decides. */
  String warehouse() {
    return properties.getOrDefault(CatalogProperties.WAREHOUSE_LOCATION, "");
  }
}
