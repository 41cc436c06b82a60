/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.io.Serializable;

/**
 * What an engine in an artefact of its own is told.
 *
 * @param device where it computes
 * @param isCpuAllowed whether it may compute on processors where there is no card
 * @param recomputesBlocks whether the backward pass computes a block's activations again, in place
 *     of keeping them
 */
public record EngineSettings(
    DeviceKind device, boolean isCpuAllowed, Precision precision, boolean recomputesBlocks)
    implements Serializable {}
