/* SPDX-License-Identifier: Apache-2.0 */
/** What of a run is on disk: tensors, manifests, the state from which it resumes. */
@NullMarked
package org.splitmask.train.checkpoint;

import org.jspecify.annotations.NullMarked;
