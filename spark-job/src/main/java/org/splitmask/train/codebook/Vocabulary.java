/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.config.CodebookConfig;
import org.splitmask.train.target.Tokenizer;

/** The vocabulary of one tokenizer on one snapshot: drawn, found beside the table, or fitted. */
public final class Vocabulary {
  private final TableSnapshot snapshot;
  private final Tokenizer tokenizer;
  private final CodebookFitter fitter;
  private final CodebookStore store;
  private final Map<String, String> identity;

  public Vocabulary(
      JavaSparkContext spark, TableSnapshot snapshot, Tokenizer tokenizer, CodebookConfig config) {
    Configuration hadoop = spark.hadoopConfiguration();
    this.snapshot = snapshot;
    this.tokenizer = tokenizer;
    this.fitter = new CodebookFitter(spark, snapshot, config);
    this.store = new CodebookStore(snapshot, hadoop);
    this.identity = CodebookStore.identity(tokenizer, config, snapshot);
  }

  /** Where a fitted one is kept. */
  public Path path() {
    return store.path(CodebookStore.name(identity));
  }

  /** Whether a fitted one is there. */
  public boolean exists() throws IOException {
    return store.exists(CodebookStore.name(identity));
  }

  /** The vocabulary; fitted and kept if it is not there. */
  public FittedCodebook codebook() throws IOException {
    if (tokenizer == Tokenizer.RANDOM_PROJECTION) {
      return fitter.fit(tokenizer);
    }
    if (!exists()) {
      store.write(identity, fitter.fit(tokenizer), snapshot);
    }
    return store.read(identity, fitter.dimensions());
  }

  /** How evenly the first crops of a few hundred pictures use it. */
  public TokenUsage usage(FittedCodebook fitted) {
    return fitter.usage(fitted.codebook());
  }
}
