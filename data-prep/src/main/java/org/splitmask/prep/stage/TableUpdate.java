/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.cli.Console;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.stage.compare.Candidate;
import org.splitmask.prep.stage.compare.ComparisonSummary;
import org.splitmask.prep.stage.compare.ExpectedChanges;
import org.splitmask.prep.stage.compare.TableComparison;
import org.splitmask.prep.stage.labels.LabelQuotas;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.LookAlikes;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.stage.listing.ListingTally;
import org.splitmask.prep.stage.resolve.ContentEntry;
import org.splitmask.prep.stage.resolve.CountLabels;
import org.splitmask.prep.stage.resolve.FileKey;
import org.splitmask.prep.stage.resolve.HashRanges;
import org.splitmask.prep.stage.resolve.KeyByContent;
import org.splitmask.prep.stage.resolve.PlanPartition;
import org.splitmask.prep.stage.resolve.PlanStep;
import org.splitmask.prep.stage.resolve.PreparePartition;
import org.splitmask.prep.stage.resolve.RewriteFiles;
import org.splitmask.prep.stage.resolve.Tally;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.stage.resolve.TaskOutcome;
import org.splitmask.prep.table.write.ExistingRows;
import org.splitmask.prep.table.write.RowEdit;
import org.splitmask.prep.table.write.TableRun;
import org.splitmask.prep.table.write.TaskFiles;
import org.splitmask.prep.table.write.WriteTarget;

/** Brings a table up to date: reads, plans, rewrites, decodes, commits. */
final class TableUpdate {
  private static final Logger LOG = LoggerFactory.getLogger(TableUpdate.class);

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final PrepareRequest request;
  private final PrepareConfig config;
  private Labelling labelling;
  private final Console console;
  private final LongAccumulator hashed;
  private final ListingTally listing;
  private final RunGuards guards;

  TableUpdate(
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> hadoop,
      PrepareRequest request,
      Labelling labelling,
      ListingTally listing,
      RunGuards guards,
      Console console) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.request = request;
    this.config = request.config();
    this.labelling = labelling;
    this.listing = listing;
    this.guards = guards;
    this.console = console;
    this.hashed = spark.sc().longAccumulator("hashed files");
  }

  PrepareResult run(TableRun table, TableComparison comparison) {
    ExpectedChanges expected = comparison.summary().expected();
    JavaPairRDD<FileKey, ContentEntry> entries = byContent(comparison.candidates(), expected);
    if (config.splits().splitBy() == SplitBy.LABEL) {
      spark.setJobGroup("prepare", "prepare: count the labels");
      LabelQuotas quotas = CountLabels.quotas(entries, labelling.labels(), config.splits());
      labelling =
          labelling.with(new SplitRule.ByLabel(new BroadcastValue<>(spark.broadcast(quotas))));
    }
    // Kept on disk for its edits: of a table that is labelled anew they are as many as its rows.
    JavaRDD<PlanStep> steps =
        entries
            .mapPartitions(new PlanPartition(labelling, request.runId()))
            .persist(StorageLevel.DISK_ONLY());
    try {
      Tally plan = plan(steps, expected);
      guards.checkRemoved(plan.lostByInput());
      if (table.state().snapshotId().isPresent() && plan.changesNothing()) {
        return PrepareResult.of(plan, listing, table.snapshot());
      }
      Broadcast<WriteTarget> target = spark.broadcast(table.target());
      List<TaskOutcome> outcomes = new ArrayList<>();
      if (plan.of(Count.EDITED) > 0) {
        outcomes.addAll(rewrite(steps, plan, table.state().pictureFiles().size(), target));
      }
      outcomes.addAll(decode(entries, plan, target));
      return commit(table, comparison.summary(), outcomes);
    } finally {
      steps.unpersist();
    }
  }

  private JavaPairRDD<FileKey, ContentEntry> byContent(
      JavaRDD<Candidate> candidates, ExpectedChanges expected) {
    int tasks = TaskCount.of(expected, config.run().filesPerTask(), spark.defaultParallelism());
    return candidates
        .mapPartitionsToPair(
            new KeyByContent(config.image().limits(), request.policy(), hadoop, hashed))
        .repartitionAndSortWithinPartitions(new HashRanges(tasks));
  }

  private Tally plan(JavaRDD<PlanStep> steps, ExpectedChanges expected) {
    WatchedJob reading = new WatchedJob(console, "reading", "files", expected.toRead(), hashed);
    JavaRDD<Tally> tallies = PlanPartition.tallies(steps);
    Tally plan = new Tally();
    if (expected.knowsNoRows()) {
      // There is nothing to edit. All files are read for the sake of the first range as well.
      reading.first(tallies);
      plan.count(Count.UNDECIDED, expected.toRead());
    } else {
      reading.collect(tallies).forEach(plan::add);
    }
    return plan;
  }

  private List<TaskOutcome> rewrite(
      JavaRDD<PlanStep> steps, Tally plan, int dataFiles, Broadcast<WriteTarget> target) {
    LongAccumulator rewritten = spark.sc().longAccumulator("rewritten data files");
    int tasks = (int) Math.min(dataFiles, plan.of(Count.EDITED));
    JavaPairRDD<String, Iterable<RowEdit>> edits =
        PlanPartition.edits(steps).groupByKey(new HashPartitioner(tasks));
    return new WatchedJob(console, "rewriting", "data files", tasks, rewritten)
        .collect(edits.mapPartitions(new RewriteFiles(target, hadoop, rewritten)));
  }

  private List<TaskOutcome> decode(
      JavaPairRDD<FileKey, ContentEntry> entries, Tally plan, Broadcast<WriteTarget> target) {
    LongAccumulator prepared = spark.sc().longAccumulator("prepared files");
    LongAccumulator rejected = spark.sc().longAccumulator("rejected files");
    PreparePartition prepare =
        new PreparePartition(
            config.image(), config.run().maxTime(), labelling, target, hadoop, prepared, rejected);
    long files = plan.of(Count.UNDECIDED);
    return new WatchedJob(console, "preparing", "files", files, prepared)
        .showing(Map.of("rejected", rejected))
        .collect(entries.mapPartitions(prepare));
  }

  private PrepareResult commit(
      TableRun table, ComparisonSummary summary, List<TaskOutcome> outcomes) {
    Tally tally = new Tally();
    List<TaskFiles> written = new ArrayList<>();
    for (TaskOutcome outcome : outcomes) {
      tally.add(outcome.tally());
      written.add(outcome.files());
    }
    Check.invariant(
        tally.found() == summary.expected().found(),
        "%d files were found, and %d accepted, %d rejected, %d unchanged",
        summary.expected().found(),
        tally.of(Count.ACCEPTED),
        tally.rejected(),
        tally.of(Count.UNCHANGED));
    table.commitRejected(written);
    guards.checkRejected(tally, request, table.rejectedLocation());
    if (request.policy().existing() == ExistingRows.REPLACED) {
      guards.checkRebuilt(table.picturesBefore(), tally.pictures());
    }
    warn(table, tally);
    table.writeRecord(
        RunRecord.json(request, summary.byInput(), tally, table.statisticsAfter(written)));
    return PrepareResult.of(tally, listing, table.commitPatches(written, counts(tally)));
  }

  private void warn(TableRun table, Tally tally) {
    LookAlikes.warn(table.location(), tally.labels());
    if (request.labels() != null && tally.unlabelled() > 0) {
      LOG.warn(
          "{} of {} pictures have no label: {} does not list them, or gives them no label",
          tally.unlabelled(),
          tally.pictures(),
          request.labels());
    }
    if (!tally.unread().isEmpty()) {
      LOG.warn("{} files cannot be read, such as {}", tally.of(Count.UNREADABLE), tally.unread());
    }
  }

  private Map<String, String> counts(Tally tally) {
    Map<String, String> counts = new TreeMap<>();
    counts.put("found", String.valueOf(listing.found(tally.found())));
    counts.put("skipped", String.valueOf(listing.skipped()));
    counts.put("companions", String.valueOf(listing.companions()));
    counts.put("unreadable", String.valueOf(tally.of(Count.UNREADABLE)));
    counts.put("accepted", String.valueOf(tally.of(Count.ACCEPTED)));
    counts.put("rejected", String.valueOf(tally.rejected()));
    counts.put("duplicates", String.valueOf(tally.duplicates()));
    counts.put("unchanged", String.valueOf(tally.of(Count.UNCHANGED)));
    counts.put("removed", String.valueOf(tally.of(Count.REMOVED)));
    tally
        .standingByReason()
        .forEach((reason, count) -> counts.put("rejected." + reason, String.valueOf(count)));
    return counts;
  }
}
