/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.PrepareApp;
import scala.collection.JavaConverters;

/** Whoever looks at Spark's pages sees what each job is for. */
class JobDescriptionsIT extends TrainingFixture {
  private final Map<String, Double> figures = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> descriptions = new ConcurrentLinkedQueue<>();
  private final Set<String> groups = ConcurrentHashMap.newKeySet();

  @Test
  void everyJobSaysWhatItIsFor() throws IOException, TimeoutException {
    session.sparkContext().addSparkListener(new Descriptions());
    session.sparkContext().addSparkListener(new Figures());
    String second = folder.resolve("second").toString();
    PrepareApp.prepare(
        session,
        List.of(folder.resolve("pictures").toString()),
        second,
        null,
        KeyValues.ofWords(
            List.of("image-size=24", "patch-size=4", "min-side=1", "split-by=label")));
    trainOn(
        second,
        folder.resolve("run").toString(),
        "epochs=1",
        "workers=2",
        "tokenizer=random-patches");
    session.sparkContext().listenerBus().waitUntilEmpty(60_000);

    assertThat(descriptions)
        .allSatisfy(text -> assertThat(text).matches("(prepare|train|codebook): .+"))
        .contains("prepare: list the pictures", "prepare: count the labels")
        .contains("prepare: preparing, 70 files", "codebook: draw 32 patches")
        .anySatisfy(text -> assertThat(text).matches("train: round 1 of \\d+"));
    assertThat(groups).contains("prepare", "codebook").doesNotContain("nothing");
    assertThat(figures.keySet())
        .contains("round", "images", "imagesPerSecond", "inpaint", "match", "waitingShare");
    assertThat(figures.get("round")).isPositive();
    assertThat(sources()).as("sources after the run").isEmpty();
  }

  /** Of what the run tells Spark's sinks; it is gone when the run is. */
  private static List<Source> sources() {
    return JavaConverters.seqAsJavaList(
            SparkEnv.get().metricsSystem().getSourcesByName("splitmask.train"))
        .stream()
        .toList();
  }

  /** Looks at what the sinks would see, whenever a job of the run ends. */
  private final class Figures extends SparkListener {
    @Override
    public void onJobEnd(SparkListenerJobEnd job) {
      for (Source source : sources()) {
        source
            .metricRegistry()
            .getGauges()
            .forEach((name, gauge) -> figures.put(name, (Double) gauge.getValue()));
      }
    }
  }

  private final class Descriptions extends SparkListener {
    @Override
    public void onJobStart(SparkListenerJobStart job) {
      Properties properties = job.properties();
      descriptions.add(properties.getProperty("spark.job.description", "nothing"));
      groups.add(properties.getProperty("spark.jobGroup.id", "nothing"));
    }
  }
}
