/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.util.List;

/** Settings with which a command is done as soon as Spark is there. */
public final class TinyModel {
  public static final List<String> PREPARATION =
      List.of("image-size=24", "patch-size=4", "min-side=1", "test-share=0.3", "split-by=label");

  public static final List<String> TRAINING =
      List.of(
          "crop-size=16",
          "patch-size=4",
          "width=16",
          "depth=1",
          "heads=2",
          "decoder-depth=1",
          "vocabulary=32",
          "batch-size=4",
          "epochs=1");

  public static final List<String> CODEBOOK =
      List.of("crop-size=16", "patch-size=4", "vocabulary=32");

  public static final List<String> DEMO =
      List.of("epochs=1", "width=24", "depth=1", "decoder-depth=1", "batch-size=16");

  private TinyModel() {}
}
