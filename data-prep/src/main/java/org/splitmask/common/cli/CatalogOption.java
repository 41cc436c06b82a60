/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of commands that take a table; mixed in with picocli's {@code @Mixin}. */
public final class CatalogOption {
  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description =
          "YAML file that describes an Iceberg catalog (conf/catalog.yaml is an example). TABLE is"
              + " then CATALOG.NAMESPACE.NAME instead of a folder. See docs/object-stores.md.")
  private @Nullable String file;

  /** The file as it was given; null where tables are folders. */
  public @Nullable String file() {
    return file;
  }
}
