/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

/** Ways in which files go bad: they end early, bits flip, parts are lost, doubled or zeroed. */
final class Mutation {
  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private Mutation() {}

  static byte[] of(byte[] file, Random random) {
    byte[] bad = file.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bad = bad.length == 0 ? bad : once(bad, random);
    }
    if (isPng(bad) && random.nextBoolean()) {
      mendChecksums(bad); // or the decoder would hardly see a damaged one
    }
    return bad;
  }

  private static boolean isPng(byte[] file) {
    int length = PNG_SIGNATURE.length;
    return file.length >= length && Arrays.equals(file, 0, length, PNG_SIGNATURE, 0, length);
  }

  private static void mendChecksums(byte[] png) {
    ByteBuffer bytes = ByteBuffer.wrap(png);
    long at = 8;
    while (at + 12 <= png.length) {
      long length = Integer.toUnsignedLong(bytes.getInt((int) at));
      if (at + 12 + length > png.length) {
        return;
      }
      CRC32 sum = new CRC32();
      sum.update(png, (int) at + 4, (int) length + 4);
      bytes.putInt((int) (at + 8 + length), (int) sum.getValue());
      at += 12 + length;
    }
  }

  private static byte[] once(byte[] file, Random random) {
    int at = position(file, random);
    int length = 1 + random.nextInt(Math.min(64, file.length));
    switch (random.nextInt(6)) {
      case 0 -> {
        return Arrays.copyOf(file, at);
      }
      case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> file[at] = (byte) random.nextInt();
      case 3 -> Arrays.fill(file, at, Math.min(file.length, at + length), (byte) 0);
      case 4 -> Arrays.fill(file, at, Math.min(file.length, at + length), (byte) 0xFF);
      default ->
          System.arraycopy(
              file,
              at,
              file,
              random.nextInt(file.length - Math.min(length, file.length - at) + 1),
              Math.min(length, file.length - at));
    }
    return file;
  }

  /** Half of them among the first 200 bytes, where headers lie. */
  private static int position(byte[] file, Random random) {
    return random.nextInt(random.nextBoolean() ? file.length : Math.min(200, file.length));
  }
}
