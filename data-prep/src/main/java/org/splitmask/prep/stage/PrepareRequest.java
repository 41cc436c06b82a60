/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.table.TableAddress;

/**
 * What to prepare.
 *
 * @param inputs folders, globs, files, containers, tables or lists of paths, of any Hadoop
 *     filesystem
 * @param output the table
 * @param labels a tab-separated file of path, label and split; none: folders are the labels
 * @param runId names this run in the table; unique
 * @param started when the run began, for the record
 */
public record PrepareRequest(
    List<String> inputs,
    TableAddress output,
    @Nullable String labels,
    PrepareConfig config,
    RerunPolicy policy,
    String runId,
    Instant started) {
  public PrepareRequest {
    inputs = List.copyOf(inputs);
  }

  /** The same once more, under a name of its own: files, rows and records are named by the run. */
  PrepareRequest again(int attempt) {
    return new PrepareRequest(
        inputs, output, labels, config, policy, runId + "-" + attempt, started);
  }
}
