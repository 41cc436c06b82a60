/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.cli.Console;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.stage.ListDirectory.Listed;
import org.splitmask.prep.table.TableIdentity;
import org.splitmask.prep.table.TableRun;
import org.splitmask.prep.table.TableState;

/** The preprocessing stage: from inputs to at most one commit of the table. */
public final class PrepareStage {
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

  /** Lists, compares with the table, reads what is new, and commits if anything changed. */
  public PrepareResult run() throws IOException {
    TableIdentity identity = identity();
    String output = check(identity);
    try (FileListing listing = new FileListing(spark, shippedHadoop)) {
      List<Listed> roots = InputRoots.of(request.inputs(), output, hadoop);
      JavaRDD<SourceItem> items = listed(listing, roots);
      Labelling labelling = labelling(items);
      try (TableRun table =
          TableRun.begin(output, identity, request.policy().existing(), request.runId(), hadoop)) {
        Comparison comparison = compare(roots, items, labelling, table.state());
        Forecast forecast = comparison.forecast();
        if (forecast.isNothing() && table.state().snapshotId().isPresent()) {
          return PrepareResult.unchanged(forecast.found(), table.snapshot());
        }
        return new TableUpdate(
                spark, shippedHadoop, request, InputListing.of(items), labelling, console)
            .run(table, comparison.candidates(), forecast);
      }
    }
  }

  /** What {@link #run} would do, told without a lease and without reading a file. */
  public DryRun dryRun() throws IOException {
    String output = check(identity());
    try (FileListing listing = new FileListing(spark, shippedHadoop)) {
      List<Listed> roots = InputRoots.of(request.inputs(), output, hadoop);
      JavaRDD<SourceItem> items = listed(listing, roots);
      Labelling labelling = labelling(items);
      TableState state = TableRun.state(output, request.policy().existing(), hadoop);
      Forecast forecast = compare(roots, items, labelling, state).forecast();
      long rowBytes = state.bytesPerPicture().orElse(config.image().shape().bytes());
      return new DryRun(forecast, forecast.bytesToWrite(state, rowBytes));
    }
  }

  private TableIdentity identity() {
    return new TableIdentity(
        config.image().shape(), config.effective(), config.identity(), config.fingerprint());
  }

  private String check(TableIdentity identity) {
    return TableRun.check(request.output(), identity, request.policy().existing(), hadoop);
  }

  private JavaRDD<SourceItem> listed(FileListing listing, List<Listed> roots) {
    JavaRDD<SourceItem> items = listing.files(roots);
    Check.data(
        !items.isEmpty(),
        "no files in %s; names that begin with . or _ are not seen",
        String.join(", ", request.inputs()));
    return items;
  }

  private Labelling labelling(JavaRDD<SourceItem> items) throws IOException {
    if (request.labels() == null) {
      return new Labelling.ByFolder(config.splits());
    }
    Broadcast<Map<String, LabelFile.Entry>> entries =
        spark.broadcast(LabelFile.read(request.labels(), hadoop));
    ListedPaths.check(request.labels(), items, entries);
    return new Labelling.ByList(entries, config.splits());
  }

  private Comparison compare(
      List<Listed> roots, JavaRDD<SourceItem> items, Labelling labelling, TableState state) {
    List<String> scopes = roots.stream().map(root -> root.file().path()).toList();
    return Comparison.of(
        items,
        KnownFiles.of(spark, state, shippedHadoop),
        new CompareWithTable(request.policy(), scopes),
        labelling);
  }
}
