/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.splitmask.common.cli.CodeVersion;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.stage.compare.InputListing;
import org.splitmask.prep.stage.resolve.Tally;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.TableStatistics;

/** What is kept of a run beside the tables: where the rows came from, and what became of what. */
final class RunRecord {
  private RunRecord() {}

  /**
   * As JSON.
   *
   * @param after of the table once the run is committed
   */
  static String json(
      PrepareRequest request,
      Map<String, InputListing> listings,
      Tally tally,
      TableStatistics after) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", request.runId());
    json.put("started", request.started().toString());
    json.put("codeVersion", CodeVersion.of(RunRecord.class));
    json.put("policy", request.policy().toString());
    json.put("labels", request.labels());
    json.put("configuration", request.config().effective());
    json.put("fingerprint", request.config().fingerprint());
    json.put("inputs", inputs(listings));
    json.put("files", files(tally));
    json.put("rejectedByReason", tally.rejectedByReason());
    json.put("conflicts", tally.conflicts());
    json.put("table", table(tally, after));
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new SplitMaskException(Blame.BUG, "maps, texts and numbers can be written as JSON", e);
    }
  }

  private static Map<String, Object> inputs(Map<String, InputListing> listings) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    listings.forEach(
        (input, listing) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("files", listing.files());
          one.put("bytes", listing.bytes());
          one.put("listingDigest", String.format(Locale.ROOT, "%064x", listing.digest()));
          inputs.put(input, one);
        });
    return inputs;
  }

  private static Map<String, Object> files(Tally tally) {
    Map<String, Object> files = new LinkedHashMap<>();
    files.put("found", tally.found());
    files.put("accepted", tally.of(Count.ACCEPTED));
    files.put("rejected", tally.rejected());
    files.put("duplicates", tally.duplicates());
    files.put("unchanged", tally.of(Count.UNCHANGED));
    files.put("removed", tally.of(Count.REMOVED));
    files.put("replaced", tally.of(Count.REPLACED));
    files.put("relabelled", tally.of(Count.RELABELLED));
    files.put("promoted", tally.of(Count.PROMOTED));
    files.put("conflicting", tally.of(Count.CONFLICTING));
    return files;
  }

  private static Map<String, Object> table(Tally tally, TableStatistics after) {
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("pictures", tally.pictures());
    table.put("rejectedByReason", tally.standingByReason());
    table.put("trainPixelMean", after.pixelMean());
    table.put("trainPixelStd", after.pixelStd());
    table.put("formats", tally.formats());
    Map<String, Long> sides = new LinkedHashMap<>();
    tally.shorterSides().forEach((from, n) -> sides.put(from + " to " + (2 * from - 1), n));
    table.put("shorterSides", sides);
    return table;
  }
}
