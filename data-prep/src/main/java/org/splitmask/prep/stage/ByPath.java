/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import org.apache.spark.api.java.function.PairFunction;
import scala.Tuple2;

/** Keys a file by its path. */
record ByPath() implements PairFunction<FoundFile, String, FoundFile> {
  @Override
  public Tuple2<String, FoundFile> call(FoundFile file) {
    return new Tuple2<>(file.path(), file);
  }
}
