/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.util.Iterator;

/** Something that must be listed in its turn. */
public non-sealed interface Pending extends Found {
  /**
   * What is in it, one level deep.
   *
   * @throws IOException when the storage fails
   * @throws org.splitmask.common.failure.SplitMaskException when it cannot be listed for reasons
   *     that a retry does not mend
   */
  Iterator<Found> list(SourceContext context) throws IOException;
}
