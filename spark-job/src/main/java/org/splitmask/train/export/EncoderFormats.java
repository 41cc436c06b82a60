/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.export;

import java.util.List;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/** The formats that {@code export} can write. */
public final class EncoderFormats {
  private static final List<EncoderFormat> ALL = List.of(new SafeTensorsFormat());

  private EncoderFormats() {}

  /** Their words on the command line. */
  public static List<String> words() {
    return ALL.stream().map(EncoderFormat::word).toList();
  }

  /** The format of that word. */
  public static EncoderFormat of(String word) {
    return ALL.stream()
        .filter(format -> format.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                Check.failure(
                    Blame.USER,
                    "--format must be %s, was '%s'",
                    String.join(" or ", words()),
                    word));
  }
}
