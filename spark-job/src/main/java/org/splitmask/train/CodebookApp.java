/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.splitmask.common.cli.CatalogOption;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.codebook.FittedCodebook;
import org.splitmask.train.codebook.TokenUsage;
import org.splitmask.train.codebook.Vocabulary;
import org.splitmask.train.config.CodebookConfig;
import org.splitmask.train.target.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code codebook}: a vocabulary of tokens that is fitted on a table, and kept beside it. */
@Command(
    name = "codebook",
    mixinStandardHelpOptions = true,
    description =
        "Fits a vocabulary on the patches of a table's train split and writes it to"
            + " TABLE/codebooks. With the same settings on the same snapshot it is not fitted"
            + " again.",
    sortOptions = false)
public final class CodebookApp implements Callable<Map<String, Object>>, Configured {
  @Option(
      names = "--table",
      paramLabel = "TABLE",
      required = true,
      description = "A table that prepare wrote.")
  private String table = "";

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Option(
      names = "--tokenizer",
      paramLabel = "random-patches|k-means",
      required = true,
      description =
          "random-patches: patches of different pictures; k-means: the centroids of spherical"
              + " k-means.")
  private String tokenizer = "";

  @Mixin private CommonOptions common = new CommonOptions();

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new CodebookApp(), arguments), System::exit);
  }

  @Override
  public Class<? extends Record> configuration() {
    return CodebookConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Tokenizer wanted = Tokenizer.fitted(tokenizer);
    CodebookConfig config = Configurations.bind(CodebookConfig.class, common.settings());
    try (SparkSession session = SparkSessions.start("splitmask codebook")) {
      Configuration hadoop = session.sparkContext().hadoopConfiguration();
      try (PatchTable patches = PatchTable.open(new TableAddress(table, catalog.file()), hadoop)) {
        return fit(session, patches.snapshot(), wanted, config);
      }
    }
  }

  private static Map<String, Object> fit(
      SparkSession session, TableSnapshot snapshot, Tokenizer wanted, CodebookConfig config)
      throws IOException {
    Vocabulary vocabulary =
        new Vocabulary(
            JavaSparkContext.fromSparkContext(session.sparkContext()), snapshot, wanted, config);
    boolean there = vocabulary.exists();
    FittedCodebook fitted = vocabulary.codebook();
    TokenUsage usage = vocabulary.usage(fitted);
    System.err.printf(
        Locale.ROOT,
        "%s %s: %d tokens, perplexity %.0f, %d used, the ten most frequent stand for %.1f %%%n",
        there ? "found" : "fitted",
        vocabulary.path(),
        fitted.codebook().vocabulary(),
        usage.perplexity(),
        usage.used(),
        100 * usage.topTenShare());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("codebook", vocabulary.path().toString());
    json.put("fitted", !there);
    json.put("tokenizer", wanted.word());
    json.put("vocabulary", fitted.codebook().vocabulary());
    json.put("dimensions", fitted.codebook().dimensions());
    json.put("patches", fitted.patches());
    json.put("pictures", fitted.pictures());
    json.put("meanDistance", fitted.meanDistance());
    json.put("perplexity", usage.perplexity());
    json.put("topTenShare", usage.topTenShare());
    json.put("snapshot", snapshot.snapshotId());
    return json;
  }
}
