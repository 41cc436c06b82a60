/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.cli.Console;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.source.InputRoots;
import org.splitmask.prep.stage.compare.CompareWithTable;
import org.splitmask.prep.stage.compare.ComparisonSummary;
import org.splitmask.prep.stage.compare.ExpectedChanges;
import org.splitmask.prep.stage.compare.KnownFiles;
import org.splitmask.prep.stage.compare.TableComparison;
import org.splitmask.prep.stage.labels.LabelQuotas;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.stage.labels.join.LabelledItems;
import org.splitmask.prep.stage.listing.FileListing;
import org.splitmask.prep.stage.listing.Listing;
import org.splitmask.prep.stage.listing.ListingReport;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.write.TableIdentity;
import org.splitmask.prep.table.write.TableRun;
import org.splitmask.prep.table.write.TableState;

/** The preprocessing stage: from inputs to at most one commit of the table. */
public final class PrepareStage {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareStage.class);

  /** Who loses as often has rivals that will not end; its caller may try again later. */
  private static final int MOST_ATTEMPTS = 3;

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

  /**
   * Lists, compares with the table, reads what is new, and commits if anything changed. Where
   * another writer commits first, all of it is done again, from what the table is then.
   */
  public PrepareResult run() throws IOException {
    PrepareRequest attempt = request;
    for (int attempts = 1; ; attempts++) {
      try {
        return run(attempt);
      } catch (SplitMaskException e) {
        if (!TableRun.isOvertaken(e) || attempts == MOST_ATTEMPTS) {
          throw e;
        }
        LOG.warn("{}: starting over, {} of {}", e.getMessage(), attempts + 1, MOST_ATTEMPTS);
        attempt = request.again(attempts + 1);
      }
    }
  }

  private PrepareResult run(PrepareRequest request) throws IOException {
    TableIdentity identity = identity();
    try (TableHome home = request.output().home(hadoop);
        FileListing files = new FileListing(spark, shippedHadoop, config.sources())) {
      TableRun.check(home, identity, request.policy().existing(), hadoop);
      InputRoots roots = InputRoots.of(request.inputs(), home.folder(), hadoop);
      Listing listing = labelled(list(files, roots));
      Labelling labelling = labelling(listing);
      try (TableRun table =
          TableRun.begin(home, identity, request.policy().existing(), request.runId(), hadoop)) {
        TableComparison comparison = compare(roots, listing, labelling, table.state());
        RunGuards guards = guards(listing, roots, comparison.summary());
        guards.checkArchives();
        ExpectedChanges expected = comparison.summary().expected();
        if (expected.isNothing() && table.state().snapshotId().isPresent()) {
          return PrepareResult.unchanged(expected, listing.tally(), table.snapshot());
        }
        return new TableUpdate(
                spark, shippedHadoop, request, labelling, listing.tally(), guards, console)
            .run(table, comparison);
      }
    }
  }

  /** What {@link #run} would do, told without a lease and without reading a file. */
  public DryRun dryRun() throws IOException {
    try (TableHome home = request.output().home(hadoop);
        FileListing files = new FileListing(spark, shippedHadoop, config.sources())) {
      TableRun.check(home, identity(), request.policy().existing(), hadoop);
      InputRoots roots = InputRoots.of(request.inputs(), home.folder(), hadoop);
      Listing listing = labelled(list(files, roots));
      Labelling labelling = labelling(listing);
      TableState state = TableRun.state(home, request.policy().existing(), hadoop);
      ComparisonSummary summary = compare(roots, listing, labelling, state).summary();
      long rowBytes = state.bytesPerPicture().orElse(config.image().shape().bytes());
      return new DryRun(
          summary.expected(),
          listing.tally().companions(),
          listing.tally().skipped(),
          summary.expected().bytesToWrite(state, rowBytes),
          guards(listing, roots, summary).stop());
    }
  }

  /** Of the jobs that follow, on Spark's pages. */
  private void describe(String what) {
    spark.setJobGroup("prepare", "prepare: " + what);
  }

  private RunGuards guards(Listing listing, InputRoots roots, ComparisonSummary summary) {
    return new RunGuards(
        config.run(),
        listing.tally().damages(),
        listing.tally().damaged(),
        roots.scopes(),
        summary);
  }

  private TableIdentity identity() {
    return new TableIdentity(
        config.image().shape(), config.effective(), config.identity(), config.fingerprint());
  }

  private Listing list(FileListing files, InputRoots roots) {
    describe("list the pictures");
    Listing listing = files.list(roots);
    ListingReport.log(listing.tally());
    Check.data(
        listing.tally().items() > 0,
        "no pictures in %s: %s",
        String.join(", ", request.inputs()),
        ListingReport.asides(listing.tally()));
    return listing;
  }

  /** With what the label file says of the pictures, where there is one. */
  private Listing labelled(Listing listing) throws IOException {
    String labels = request.labels();
    if (labels == null) {
      return listing;
    }
    describe("find the files of the label file");
    boolean byGroup = config.splits().splitBy() == SplitBy.GROUP;
    return LabelledItems.of(spark, listing, labels, byGroup, hadoop);
  }

  private Labelling labelling(Listing listing) {
    SplitRule rule =
        switch (config.splits().splitBy()) {
          case HASH -> new SplitRule.ByHash(config.splits());
          case GROUP -> new SplitRule.ByGroup(config.splits());
          // Until the new files are counted; what the table knows keeps its split as it is.
          case LABEL ->
              new SplitRule.ByLabel(new BroadcastValue<>(spark.broadcast(new LabelQuotas())));
        };
    return new Labelling(labels(listing), rule);
  }

  private LabelSource labels(Listing listing) {
    describe("find the labels");
    if (request.labels() != null) {
      return new LabelSource.Listed();
    }
    LabelSource.Folder folders =
        new LabelSource.Folder(
            LabelSurvey.splitFolders(listing.items(), config.sources().splitFolders()));
    if (config.splits().splitBy() != SplitBy.GROUP) {
      return folders;
    }
    // What damaged archives would have said is not known.
    Check.that(
        listing.tally().damaged() > 0 || LabelSurvey.namesGroups(listing.items()),
        "split-by=group, and no picture in %s is in a group: groups are given by the column group"
            + " of a label file (--labels), by \"group\" in JSON sidecars, or by the column that"
            + " group-column names",
        String.join(", ", request.inputs()));
    return new LabelSource.Grouped(folders);
  }

  private TableComparison compare(
      InputRoots roots, Listing listing, Labelling labelling, TableState state) {
    describe("compare with the table");
    return TableComparison.of(
        listing,
        KnownFiles.of(spark, state, shippedHadoop),
        new CompareWithTable(request.policy(), roots.scopes()),
        labelling);
  }
}
