/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.splitmask.prep.maintenance.CleanResult;
import org.splitmask.prep.stage.DryRun;
import org.splitmask.prep.stage.PrepareRequest;
import org.splitmask.prep.stage.PrepareResult;
import org.splitmask.prep.stage.compare.ExpectedChanges;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableStatistics;

/** What {@code prepare} says of its work: an object for programs, some lines for people. */
final class PrepareReport {
  private PrepareReport() {}

  static Map<String, Object> json(PrepareRequest request, PrepareResult result, double seconds) {
    TableStatistics statistics = result.snapshot().statistics();
    Map<String, Object> images = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      images.put(split.word(), statistics.images(split));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("found", result.found());
    json.put("accepted", result.accepted());
    json.put("rejected", result.rejected());
    json.put("duplicates", result.duplicates());
    json.put("unchanged", result.unchanged());
    json.put("skipped", result.skipped());
    json.put("companions", result.companions());
    json.put("unreadable", result.unreadable());
    json.put("removed", result.removed());
    json.put("replaced", result.replaced());
    json.put("relabelled", result.relabelled());
    json.put("conflicting", result.conflicting());
    json.put("snapshot", result.snapshot().snapshotId());
    json.put("imagesPerSecond", Math.round(10 * result.accepted() / seconds) / 10.0);
    json.put("seconds", Math.round(1000 * seconds) / 1000.0);
    json.put("rejectedByReason", result.rejectedByReason());
    json.put("notPictures", result.asides());
    json.put("images", images);
    json.put("pixelMean", statistics.pixelMean());
    json.put("pixelStd", statistics.pixelStd());
    json.put("run", result.snapshot().runId());
    json.put("fingerprint", request.config().fingerprint());
    json.put("table", result.snapshot().location());
    return json;
  }

  static void print(PrepareRequest request, PrepareResult result, PrintStream err) {
    if (!result.snapshot().runId().equals(request.runId())) {
      err.printf(
          Locale.ROOT,
          "nothing to do: all %d files are unchanged%s; no snapshot was made%n",
          result.found(),
          result.unreadable() > 0 ? " (" + result.unreadable() + " cannot be read)" : "");
      return;
    }
    err.printf(
        Locale.ROOT,
        "%d files: %d accepted, %d rejected, %d unchanged, %d companions, %d skipped; %d removed,"
            + " %d relabelled; the table has %d pictures%n",
        result.found(),
        result.accepted(),
        result.rejected(),
        result.unchanged(),
        result.companions(),
        result.skipped(),
        result.removed(),
        result.relabelled(),
        result.snapshot().statistics().total());
    if (result.conflicting() > 0) {
      err.printf(
          Locale.ROOT,
          "warning: %d duplicates have another label or split than the file that is kept:%n",
          result.conflicting());
      result.conflicts().forEach(conflict -> err.println("  " + conflict));
    }
  }

  static Map<String, Object> json(DryRun dryRun, PrintStream err) {
    ExpectedChanges expected = dryRun.expected();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dryRun", true);
    json.put("found", expected.found() + dryRun.companions() + dryRun.skipped());
    json.put("skipped", dryRun.skipped());
    json.put("companions", dryRun.companions());
    json.put("added", expected.added());
    json.put("replaced", expected.changed());
    json.put("removed", expected.removed());
    json.put("unchanged", expected.unchanged());
    json.put("relabelled", expected.relabelled());
    json.put("bytesToRead", expected.bytesToRead());
    json.put("bytesToWrite", dryRun.bytesToWrite());
    json.put("stop", dryRun.stop());
    err.printf(
        Locale.ROOT,
        "a run would add %d files, replace %d and remove %d; %d stay, %d of them with another label"
            + " or split; it would write up to %.1f MB (nothing was read or written)%n",
        expected.added(),
        expected.changed(),
        expected.removed(),
        expected.unchanged(),
        expected.relabelled(),
        dryRun.bytesToWrite() / 1e6);
    if (dryRun.stop() != null) {
      err.println("warning: a run would stop, unless files were only renamed: " + dryRun.stop());
    }
    return json;
  }

  static Map<String, Object> json(CleanResult result, PrintStream err) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rewrittenFiles", result.rewritten());
    json.put("expiredFiles", result.expired());
    json.put("forgottenRuns", result.runs());
    json.put("orphanFiles", result.orphans());
    err.printf(
        Locale.ROOT,
        "cleaned: %d small files merged, %d files of old snapshots deleted, %d that nothing"
            + " needed deleted%n",
        result.rewritten(),
        result.expired(),
        result.orphans());
    return json;
  }
}
