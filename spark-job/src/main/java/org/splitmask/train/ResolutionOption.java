/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of commands that use a trained encoder on pictures of a size that they choose. */
final class ResolutionOption {
  @Option(
      names = "--crop-size",
      paramLabel = "PIXELS",
      description =
          "Side of the encoder's input, a multiple of its patch size; default: the side that it"
              + " was trained with. For another side, its positions are interpolated.")
  private @Nullable Integer cropSize;

  OptionalInt cropSize() {
    return cropSize == null ? OptionalInt.empty() : OptionalInt.of(cropSize);
  }
}
