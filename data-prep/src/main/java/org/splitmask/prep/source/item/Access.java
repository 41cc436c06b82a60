/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

/** How the items of a container are best read. */
public enum Access {
  /** In any order at about the same cost. */
  RANDOM,
  /** In the order of their positions: going back means beginning again. */
  SEQUENTIAL
}
