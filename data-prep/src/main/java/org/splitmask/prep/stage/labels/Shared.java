/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;

/** Something large that is sent once to each machine, however many tasks look at it. */
public interface Shared<T> extends Serializable {
  T value();
}
