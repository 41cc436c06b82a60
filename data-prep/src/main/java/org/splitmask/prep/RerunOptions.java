/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import org.splitmask.common.failure.Check;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.stage.compare.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.RerunPolicy.Vanished;
import org.splitmask.prep.table.write.ExistingRows;
import picocli.CommandLine.Option;

/** What {@code prepare} is told about a table that is there already. */
final class RerunOptions {
  @Option(
      names = "--check",
      paramLabel = "stamp|content",
      defaultValue = "stamp",
      description =
          "How a changed file is noticed: by size and modification time (the default), or by"
              + " reading it.")
  private ChangeCheck check = ChangeCheck.STAMP;

  @Option(
      names = "--keep-removed",
      description = "Keeps the pictures whose files are gone from the inputs.")
  private boolean keepRemoved;

  @Option(
      names = "--retry-rejected",
      description = "Tries rejected files again, even where they did not change.")
  private boolean retryRejected;

  @Option(
      names = "--rebuild",
      description =
          "Prepares everything again, with other settings if you give them, in one commit.")
  private boolean rebuild;

  @Option(
      names = "--dry-run",
      description =
          "Says what would be added, replaced and removed, and how much disk it would take;"
              + " writes nothing.")
  private boolean dryRun;

  boolean isDryRun() {
    return dryRun;
  }

  RerunPolicy policy() {
    Check.that(
        !(rebuild && keepRemoved),
        "--rebuild reads every picture anew, so that pictures whose files are gone cannot be kept;"
            + " give --rebuild or --keep-removed");
    return new RerunPolicy(
        rebuild ? ExistingRows.REPLACED : ExistingRows.KEPT,
        check,
        keepRemoved ? Vanished.KEPT : Vanished.REMOVED,
        retryRejected ? Failed.RETRIED : Failed.KEPT);
  }
}
