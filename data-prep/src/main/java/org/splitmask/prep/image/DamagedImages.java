/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

/** What becomes of pictures that are truncated or damaged. */
public enum DamagedImages {
  REFUSE,

  /** What a decoder still makes of them is taken: a grey bottom, wrong colours. */
  ACCEPT
}
