/* SPDX-License-Identifier: Apache-2.0 */
/** A run on an MLflow tracking server, by MLflow's own client, which the user brings. */
@NullMarked
package org.splitmask.train.metrics.mlflow;

import org.jspecify.annotations.NullMarked;
