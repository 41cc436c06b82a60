/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A column as the user names it.
 *
 * @param text dots reach into structs
 * @param fieldId what an Iceberg table knows it by, in whichever file and under whichever name;
 *     {@link #BY_NAME} outside such tables
 */
public record ColumnName(String text, int fieldId) implements Serializable {
  public static final int BY_NAME = -1;

  public ColumnName(String text) {
    this(text, BY_NAME);
  }

  /** The column of that name, or none. */
  public static @Nullable ColumnName optional(String text) {
    return text.isEmpty() ? null : new ColumnName(text);
  }
}
