/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

/** How a training view differs from its picture. */
public enum Augmentation {
  /** A random resized crop, mirrored half of the time. */
  STANDARD,
  /** The same, then {@link ColourAugmentation}: for small sets. */
  STRONG
}
