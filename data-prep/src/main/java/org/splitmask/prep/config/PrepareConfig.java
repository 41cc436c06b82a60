/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** All keys of prepare. */
public record PrepareConfig(ImageConfig image, SplitConfig splits, RunConfig run)
    implements Serializable {
  /** Raised when this program makes other rows of the same files and keys. */
  private static final int PIPELINE = 2;

  /** Every key with its value. */
  public Map<String, String> effective() {
    return Configurations.effective(this);
  }

  /** The keys that decide what the rows are: two tables that agree in them hold the same. */
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>(Configurations.effective(image));
    identity.putAll(Configurations.effective(splits));
    identity.put("pipeline", String.valueOf(PIPELINE));
    return identity;
  }

  /** SHA-256 of the identity. */
  public String fingerprint() {
    StringBuilder text = new StringBuilder();
    identity().forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new SplitMaskException(Blame.BUG, "every JDK has SHA-256", e);
    }
  }
}
