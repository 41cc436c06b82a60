/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.IOException;
import java.util.Iterator;

/** A folder, a table, or a part of a list of paths: what is in it is to be listed in its turn. */
public non-sealed interface Listable extends Finding {
  /**
   * What is in it, one level deep.
   *
   * @throws IOException when the storage fails
   * @throws org.splitmask.common.failure.SplitMaskException when it cannot be listed for reasons
   *     that a retry does not mend
   */
  Iterator<Finding> list(SourceContext context) throws IOException;
}
