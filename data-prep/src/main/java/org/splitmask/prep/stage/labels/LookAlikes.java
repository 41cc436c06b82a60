/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Labels that a reader may take for one. They stay two: only the user knows. */
public final class LookAlikes {
  private static final Logger LOG = LoggerFactory.getLogger(LookAlikes.class);
  private static final int NAMED = 3;

  private LookAlikes() {}

  public static void warn(String where, Collection<@Nullable String> labels) {
    List<String> pairs = pairs(labels);
    if (!pairs.isEmpty()) {
      LOG.warn(
          "some labels in {} differ only in capitals or blanks, such as {} ({} in all); each is a"
              + " class of its own",
          where,
          String.join("; ", pairs.subList(0, Math.min(NAMED, pairs.size()))),
          pairs.size());
    }
  }

  /** Each with the first that looks like it: "Cat and cat". */
  static List<String> pairs(Collection<@Nullable String> labels) {
    Map<String, String> first = new HashMap<>();
    Set<String> seen = new HashSet<>();
    List<String> pairs = new ArrayList<>();
    for (String label : labels) {
      if (label != null && seen.add(label)) {
        String known = first.putIfAbsent(folded(label), label);
        if (known != null) {
          pairs.add(known + " and " + label);
        }
      }
    }
    return pairs;
  }

  /** Without capitals, wide and narrow forms, format characters, and the kinds of blanks. */
  static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .replaceAll("\\p{Cf}", "")
        .replaceAll("[\\s\\p{Z}]+", " ")
        .strip()
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
