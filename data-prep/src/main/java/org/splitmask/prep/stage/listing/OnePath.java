/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import org.apache.spark.api.java.function.Function2;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.item.SourceItem;

/** Keeps one of two items of equal path: they are the same, found twice, or the names are bad. */
record OnePath() implements Function2<SourceItem, SourceItem, SourceItem> {
  @Override
  public SourceItem call(SourceItem one, SourceItem other) {
    Check.data(
        one.container().equals(other.container()) && one.position() == other.position(),
        "two rows are called %s, row %d of %s and row %d of %s; names must be unique: choose another"
            + " name-column, or none",
        one.path(),
        one.position(),
        one.container(),
        other.position(),
        other.container());
    return one.root().compareTo(other.root()) <= 0 ? one : other;
  }
}
