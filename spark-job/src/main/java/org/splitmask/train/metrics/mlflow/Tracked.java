/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics.mlflow;

import java.util.Map;

/**
 * What a tracking server is told of a training beside its figures.
 *
 * @param folder of the training
 * @param isNew whether it begins here, and does not go on from a checkpoint
 * @param settings its configuration
 */
public record Tracked(String folder, boolean isNew, Map<String, String> settings) {}
