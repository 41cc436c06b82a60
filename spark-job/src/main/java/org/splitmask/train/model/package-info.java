/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The network as a DL4J graph of our own layers: configurations ({@code *Layer}, {@code *Vertex}
 * that DL4J serialises) and what computes them. Knows nothing of Spark.
 */
@NullMarked
package org.splitmask.train.model;

import org.jspecify.annotations.NullMarked;
