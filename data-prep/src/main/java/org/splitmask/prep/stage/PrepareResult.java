/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.Map;
import org.splitmask.prep.table.TableSnapshot;

/**
 * What a run did.
 *
 * @param rejected with the duplicates
 * @param replaced rows of the former snapshot, which this run's rows replaced
 */
public record PrepareResult(
    long found,
    long accepted,
    long rejected,
    long duplicates,
    long replaced,
    Map<String, Long> rejectedByReason,
    TableSnapshot snapshot) {}
