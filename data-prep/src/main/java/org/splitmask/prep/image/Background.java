/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.io.Serializable;

/** The colour behind transparent pictures, each part from 0 to 255. */
public record Background(int red, int green, int blue) implements Serializable {
  public static final Background WHITE = new Background(255, 255, 255);
}
