/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

public enum Augmentation {
  STANDARD,
  STRONG
}
