/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.io.Serializable;
import org.splitmask.prep.image.file.RejectionReason;

/** What became of a file's bytes. */
public sealed interface DecodeResult {

  /** A picture. */
  record Decoded(DecodedImage image) implements DecodeResult {}

  /**
   * No picture.
   *
   * @param detail one line for people: what was found, and where
   */
  record Refused(RejectionReason reason, String detail) implements DecodeResult, Serializable {}
}
