/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.util.Comparator;

/**
 * The first two numbers of a version or of a compute capability.
 *
 * @param major 580 of 580.95.05
 * @param minor 95 of it
 */
public record Version(int major, int minor) implements Comparable<Version> {
  /**
   * From text.
   *
   * @throws NumberFormatException where it does not begin with numbers
   */
  static Version of(String text) {
    String[] parts = text.strip().split("\\.", -1);
    return new Version(
        Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
  }

  @Override
  public int compareTo(Version other) {
    return Comparator.comparingInt(Version::major)
        .thenComparingInt(Version::minor)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
