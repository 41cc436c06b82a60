/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

/**
 * What a run would do, told without reading a file.
 *
 * @param bytesToWrite at most
 */
public record DryRun(Forecast forecast, long bytesToWrite) {}
