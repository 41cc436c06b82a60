/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** SHA-256 as 64 hexadecimal digits: what a picture is known by, wherever it lies. */
public final class ContentHash {
  private ContentHash() {}

  /** The hash of a file's bytes. */
  public static String of(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new SplitMaskException(Blame.BUG, "every JDK has SHA-256", e);
    }
  }

  /** The hash of a text's UTF-8 bytes. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }
}
