/** Keeps a second process away from a folder that one is to write. */
@NullMarked
package org.splitmask.common.lease;

import org.jspecify.annotations.NullMarked;
