/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.splitmask.prep.source.ContentHash;
import org.splitmask.prep.source.SourceItem;

/**
 * What was listed under one input: equal digests are equal listings.
 *
 * @param digest the sum, modulo 2^256, of the SHA-256 of each file's path, size and time: no order
 *     of the files, and so no sorting of millions, is needed
 */
record InputListing(long files, long bytes, BigInteger digest) implements Serializable {
  private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

  /** The listings by input. */
  static Map<String, InputListing> of(JavaRDD<SourceItem> items) {
    Map<String, InputListing> all = new TreeMap<>();
    items
        .mapPartitions(new OfPartition())
        .collect()
        .forEach(
            part ->
                part.forEach((input, listing) -> all.merge(input, listing, InputListing::plus)));
    return all;
  }

  private static InputListing of(SourceItem item) {
    String line = item.path() + "\n" + item.size() + "\n" + item.modified();
    BigInteger digest = new BigInteger(ContentHash.of(line), 16);
    return new InputListing(1, Math.max(0, item.size()), digest);
  }

  private InputListing plus(InputListing other) {
    return new InputListing(
        files + other.files, bytes + other.bytes, digest.add(other.digest).mod(MODULUS));
  }

  private record OfPartition()
      implements FlatMapFunction<Iterator<SourceItem>, Map<String, InputListing>> {
    @Override
    public Iterator<Map<String, InputListing>> call(Iterator<SourceItem> items) {
      Map<String, InputListing> listings = new TreeMap<>();
      items.forEachRemaining(
          item -> listings.merge(item.root(), InputListing.of(item), InputListing::plus));
      return List.of(listings).iterator();
    }
  }
}
