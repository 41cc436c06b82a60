/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.stage.compare.InputListing;
import org.splitmask.prep.stage.resolve.Tally;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableStatistics;

/** The record's words are for people and for programs of others: they stay as they are. */
class RunRecordTest {
  @Test
  void itNamesTheRunAndAllThatDecidedIt() throws IOException {
    JsonNode record = record(new Tally());

    assertThat(record.get("run").asText()).isEqualTo("run-7");
    assertThat(record.get("started").asText()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(record.get("labels").asText()).isEqualTo("labels.tsv");
    assertThat(record.get("fingerprint").asText()).isEqualTo(Runs.REQUEST.config().fingerprint());
    assertThat(record.get("configuration").get("files-per-task").asText()).isEqualTo("4000");
  }

  @Test
  void everyInputHasItsListing() throws IOException {
    JsonNode inputs = record(new Tally()).get("inputs");

    assertThat(inputs.get("file:/a").get("files").asLong()).isEqualTo(3);
    assertThat(inputs.get("file:/a").get("bytes").asLong()).isEqualTo(5_000_000_000L);
    assertThat(inputs.get("file:/a").get("listingDigest").asText())
        .as("as long as any other")
        .isEqualTo("0".repeat(62) + "ff");
    assertThat(inputs.get("file:/b").get("files").asLong()).isEqualTo(1);
  }

  @Test
  void everyCountHasItsName() throws IOException {
    Tally tally = new Tally();
    Map<Count, String> names = new TreeMap<>();
    names.put(Count.ACCEPTED, "accepted");
    names.put(Count.UNCHANGED, "unchanged");
    names.put(Count.REMOVED, "removed");
    names.put(Count.REPLACED, "replaced");
    names.put(Count.RELABELLED, "relabelled");
    names.put(Count.PROMOTED, "promoted");
    names.put(Count.CONFLICTING, "conflicting");
    names.keySet().forEach(count -> tally.count(count, 10 + count.ordinal()));

    JsonNode files = record(tally).get("files");

    names.forEach(
        (count, name) ->
            assertThat(files.get(name).asLong()).as(name).isEqualTo(10 + count.ordinal()));
    assertThat(files.get("found").asLong())
        .isEqualTo(tally.of(Count.ACCEPTED) + tally.of(Count.UNCHANGED));
    assertThat(files.get("rejected").asLong()).isZero();
    assertThat(files.get("duplicates").asLong()).isZero();
  }

  @Test
  void ofTheTableItHasFormatsSidesAndPixels() throws IOException {
    JsonNode table =
        record(Runs.standing(40, 30), Runs.standing(1, 9), Runs.standing(63, 900)).get("table");

    assertThat(table.get("pictures").asLong()).isEqualTo(3);
    assertThat(table.get("formats").get("jpeg").asLong()).isEqualTo(3);
    assertThat(table.get("shorterSides").toString())
        .isEqualTo("{\"1 to 1\":1,\"16 to 31\":1,\"32 to 63\":1}");
    assertThat(table.get("trainPixelMean").get(0).asDouble()).isEqualTo(0.5);
    assertThat(table.get("trainPixelStd").get(0).asDouble()).isEqualTo(0.25);
  }

  private static JsonNode record(Tally... parts) throws IOException {
    Tally tally = new Tally();
    for (Tally part : parts) {
      tally.add(part);
    }
    Map<String, InputListing> listings =
        new TreeMap<>(
            Map.of(
                "file:/b", new InputListing(1, 1, BigInteger.ONE),
                "file:/a", new InputListing(3, 5_000_000_000L, BigInteger.valueOf(255))));
    TableStatistics after =
        new TableStatistics(Map.of(Split.TRAIN, 3L), List.of(0.5), List.of(0.25));
    return new ObjectMapper().readTree(RunRecord.json(Runs.REQUEST, listings, tally, after));
  }
}
