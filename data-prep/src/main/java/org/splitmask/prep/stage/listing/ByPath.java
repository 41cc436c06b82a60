/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import org.apache.spark.api.java.function.PairFunction;
import org.splitmask.prep.source.item.SourceItem;
import scala.Tuple2;

/** Keys an item by its path. */
public record ByPath() implements PairFunction<SourceItem, String, SourceItem> {
  @Override
  public Tuple2<String, SourceItem> call(SourceItem file) {
    return new Tuple2<>(file.path(), file);
  }
}
