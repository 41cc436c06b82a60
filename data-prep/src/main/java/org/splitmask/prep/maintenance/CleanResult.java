/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.maintenance;

/**
 * What was cleaned.
 *
 * @param rewritten small data files that became part of larger ones
 * @param expired data files that only expired snapshots had
 * @param runs records of runs that no snapshot names
 * @param orphans files that nothing named
 */
public record CleanResult(long rewritten, long expired, int runs, long orphans) {}
