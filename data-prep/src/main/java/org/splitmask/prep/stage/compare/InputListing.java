/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.io.Serializable;
import java.math.BigInteger;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.SourceItem;

/**
 * What was listed under one input: equal digests are equal listings.
 *
 * @param digest the sum, modulo 2^256, of the SHA-256 of each file's path, size and time: no order
 *     of the files, and so no sorting of millions, is needed
 */
public record InputListing(long files, long bytes, BigInteger digest) implements Serializable {
  private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

  static InputListing of(SourceItem item) {
    String line = item.path() + "\n" + item.size() + "\n" + item.modified();
    BigInteger digest = new BigInteger(ContentHash.of(line), 16);
    return new InputListing(1, Math.max(0, item.size()), digest);
  }

  InputListing plus(InputListing other) {
    return new InputListing(
        files + other.files, bytes + other.bytes, digest.add(other.digest).mod(MODULUS));
  }
}
