/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a source says of a picture itself, in sidecars or columns; stronger than folder names,
 * weaker than a label file.
 *
 * @param split as written there, which need not be a word that the table knows
 * @param group pictures of one group (object, patient) belong into one split
 */
public record Hints(@Nullable String label, @Nullable String split, @Nullable String group)
    implements Serializable {
  /** A label that is said and cannot be used: no weaker one takes its place. */
  public static final String UNUSABLE = "";

  /** The hints; none where all are missing. */
  public static @Nullable Hints of(
      @Nullable String label, @Nullable String split, @Nullable String group) {
    return label == null && split == null && group == null ? null : new Hints(label, split, group);
  }
}
