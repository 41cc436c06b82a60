/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.cli.Console;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.source.InputRoots;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.table.TableIdentity;
import org.splitmask.prep.table.TableRun;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.TaskFiles;
import org.splitmask.prep.table.WriteTarget;

/** The preprocessing stage: from folders of files to one commit of the table. */
public final class PrepareStage {
  private static final int FEWEST_TASKS = 8;
  private static final int LEAST_FILES_PER_TASK = 64;

  private final JavaSparkContext spark;
  private final Configuration hadoop;
  private final Broadcast<SerializableConfiguration> shippedHadoop;
  private final PrepareRequest request;
  private final PrepareConfig config;
  private final Console console;

  public PrepareStage(SparkSession session, PrepareRequest request, Console console) {
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.hadoop = session.sessionState().newHadoopConf();
    this.shippedHadoop = spark.broadcast(new SerializableConfiguration(hadoop));
    this.request = request;
    this.config = request.config();
    this.console = console;
  }

  /** Lists, checks, prepares, commits. */
  public PrepareResult run() throws IOException {
    TableIdentity identity =
        new TableIdentity(
            config.image().shape(), config.effective(), config.identity(), config.fingerprint());
    String output = TableRun.check(request.output(), identity, hadoop);
    try (FileListing listing = new FileListing(spark, shippedHadoop, config.sources().columns())) {
      JavaRDD<SourceItem> files = listing.files(InputRoots.of(request.inputs(), output, hadoop));
      long found = files.count();
      Check.data(found > 0, "no files in %s; names that begin with . or _ are not seen", inputs());
      Labelling labelling = labelling(files);
      try (TableRun table = TableRun.begin(output, identity, request.runId(), hadoop)) {
        List<TaskOutcome> outcomes = prepare(files, found, labelling, table.target());
        return commit(table, found, outcomes);
      }
    }
  }

  private Labelling labelling(JavaRDD<SourceItem> files) throws IOException {
    if (request.labels() == null) {
      return new Labelling.ByFolder(config.splits());
    }
    Broadcast<Map<String, LabelFile.Entry>> entries =
        spark.broadcast(LabelFile.read(request.labels(), hadoop));
    ListedPaths.check(request.labels(), files, entries);
    return new Labelling.ByList(entries, config.splits());
  }

  private List<TaskOutcome> prepare(
      JavaRDD<SourceItem> files, long found, Labelling labelling, WriteTarget target) {
    int tasks = tasks(found);
    LongAccumulator hashed = spark.sc().longAccumulator("hashed files");
    LongAccumulator prepared = spark.sc().longAccumulator("prepared files");
    HashFile hash = new HashFile(config.image().limits(), shippedHadoop, hashed);
    PreparePartition prepare =
        new PreparePartition(
            config.image(), labelling, spark.broadcast(target), shippedHadoop, prepared);
    JavaRDD<TaskOutcome> outcomes =
        files
            .mapToPair(new ByPath())
            // One folder may hold most of the files: spread them before the reading begins.
            .partitionBy(new HashPartitioner(tasks))
            .values()
            .mapToPair(hash)
            .repartitionAndSortWithinPartitions(new HashRanges(tasks))
            .mapPartitions(prepare);
    return new WatchedJob(console, found, hashed, prepared).collect(outcomes);
  }

  /** A few at least, so that small tables have several row groups for a reader to mix. */
  private int tasks(long found) {
    long needed = (found + config.run().filesPerTask() - 1) / config.run().filesPerTask();
    long worthwhile = (found + LEAST_FILES_PER_TASK - 1) / LEAST_FILES_PER_TASK;
    long wanted = Math.min(Math.max(FEWEST_TASKS, spark.defaultParallelism()), worthwhile);
    return Math.toIntExact(Math.max(needed, wanted));
  }

  private PrepareResult commit(TableRun table, long found, List<TaskOutcome> outcomes) {
    Tally tally = new Tally();
    List<TaskFiles> written = new ArrayList<>();
    for (TaskOutcome outcome : outcomes) {
      tally.add(outcome.tally());
      written.add(outcome.files());
    }
    Check.invariant(
        tally.accepted() + tally.rejected() == found,
        "%d files were found, %d accepted and %d rejected",
        found,
        tally.accepted(),
        tally.rejected());
    table.commitRejected(written);
    boolean acceptable = false;
    try {
      checkShare(table, found, tally);
      acceptable = true;
    } finally {
      if (!acceptable) {
        table.discardPatches(written);
      }
    }
    long replaced = table.rows();
    TableSnapshot snapshot = table.commitPatches(written, counts(found, tally));
    return new PrepareResult(
        found,
        tally.accepted(),
        tally.rejected(),
        tally.duplicates(),
        replaced,
        tally.rejectedByReason(),
        snapshot);
  }

  private void checkShare(TableRun table, long found, Tally tally) {
    Check.data(
        tally.badShare() <= config.run().maxRejectedShare(),
        "%d of %d files rejected, %.1f %% besides duplicates, max-rejected-share is %.1f %%: %s, such"
            + " as %s; all are in %s/rejected with run_id %s; mend them or raise max-rejected-share"
            + " (the table's pictures are as they were)",
        tally.rejected(),
        found,
        100 * tally.badShare(),
        100 * config.run().maxRejectedShare(),
        tally.rejectedByReason(),
        tally.examples(),
        table.location(),
        request.runId());
    Check.data(
        tally.accepted() > 0,
        "none of the %d files in %s is a picture that is read: %s, such as %s",
        found,
        inputs(),
        tally.rejectedByReason(),
        tally.examples());
  }

  private Map<String, String> counts(long found, Tally tally) {
    Map<String, String> counts = new TreeMap<>();
    counts.put("found", String.valueOf(found));
    counts.put("accepted", String.valueOf(tally.accepted()));
    counts.put("rejected", String.valueOf(tally.rejected()));
    counts.put("duplicates", String.valueOf(tally.duplicates()));
    tally
        .rejectedByReason()
        .forEach((reason, count) -> counts.put("rejected." + reason, String.valueOf(count)));
    return counts;
  }

  private String inputs() {
    return String.join(", ", request.inputs());
  }
}
