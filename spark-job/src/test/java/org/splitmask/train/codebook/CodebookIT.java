/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.PrepareApp;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.TestPictures;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.codebook.PatchSampling.Sampled;
import org.splitmask.train.config.CodebookConfig;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenSpace;
import org.splitmask.train.target.Tokenizer;

/** Vocabularies fitted on a real table in a real session. */
class CodebookIT {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private static Path folder;
  private static String table;
  private static SparkSession session;
  private static TableSnapshot snapshot;

  @BeforeAll
  static void prepare() throws IOException {
    session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    TestPictures.write(folder.resolve("pictures"), 70, 24);
    table = folder.resolve("table").toString();
    PrepareApp.prepare(
        session,
        List.of(folder.resolve("pictures").toString()),
        table,
        null,
        KeyValues.ofWords(List.of("image-size=24", "patch-size=4", "min-side=1")));
    snapshot = PatchTable.open(table, HADOOP).snapshot();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @Test
  void randomPatchesAreUnitPatchesOfDifferentPictures() {
    CodebookConfig config = config("vocabulary=32");

    FittedCodebook fitted = fitter(config).fit(Tokenizer.RANDOM_PATCHES);

    assertThat(fitted.pictures()).isEqualTo(32);
    assertThat(fitted.codebook().vocabulary()).isEqualTo(32);
    List<float[]> all = vectors(config, 1, 1);
    for (float[] vector : rows(fitted.codebook())) {
      assertThat(all).anyMatch(patch -> Arrays.equals(patch, vector));
      assertThat(dot(vector, vector)).isCloseTo(1, within(1e-6));
    }
    assertThat(fitter(config).fit(Tokenizer.RANDOM_PATCHES).codebook().values())
        .isEqualTo(fitted.codebook().values());
    CodebookConfig otherSeed = config("vocabulary=32", "seed=43");
    assertThat(fitter(otherSeed).fit(Tokenizer.RANDOM_PATCHES).codebook().values())
        .isNotEqualTo(fitted.codebook().values());
  }

  @Test
  void withFewerPicturesThanTokensEveryPictureGivesSome() {
    FittedCodebook fitted = fitter(config("vocabulary=200")).fit(Tokenizer.RANDOM_PATCHES);

    long pictures = snapshot.statistics().images(Split.TRAIN);
    assertThat(pictures).isLessThan(70);
    assertThat((long) fitted.pictures()).isEqualTo(pictures);
    assertThat(rows(fitted.codebook()).stream().map(Arrays::hashCode)).doesNotHaveDuplicates();
  }

  @Test
  void centroidsAreTheDirectionsOfTheirClusters() {
    CodebookConfig config =
        config("vocabulary=6", "codebook-iterations=200", "codebook-patches=600");
    int pictures = (int) snapshot.statistics().images(Split.TRAIN);
    double share = (600 - 4 * Math.sqrt(600)) / (pictures * 16.0);

    FittedCodebook fitted = fitter(config).fit(Tokenizer.K_MEANS);

    List<float[]> sample = vectors(config, 1, share);
    assertThat(fitted.patches()).isEqualTo(sample.size()).isBetween(400L, 600L);
    List<float[]> centroids = rows(fitted.codebook());
    double[][] sums = new double[centroids.size()][sample.get(0).length];
    double distance = 0;
    for (float[] vector : sample) {
      int nearest = nearest(vector, centroids);
      distance += 1 - dot(vector, centroids.get(nearest));
      for (int i = 0; i < vector.length; i++) {
        sums[nearest][i] += vector[i];
      }
    }
    assertThat(fitted.meanDistance()).isCloseTo(distance / sample.size(), within(1e-5));
    for (int v = 0; v < sums.length; v++) {
      double length = Math.sqrt(Arrays.stream(sums[v]).map(x -> x * x).sum());
      double cosine = 0;
      for (int i = 0; i < sums[v].length; i++) {
        cosine += sums[v][i] / length * centroids.get(v)[i];
      }
      assertThat(cosine).as("of centroid %d and its patches' mean", v).isGreaterThan(0.999);
    }
    TokenUsage usage = fitter(config).usage(fitted.codebook());
    assertThat(usage.used()).isEqualTo(6);
    assertThat(usage.perplexity()).isBetween(1.5, 6.0);
    assertThat(usage.topTenShare()).isEqualTo(1);
  }

  private static int nearest(float[] vector, List<float[]> centroids) {
    int best = 0;
    for (int v = 1; v < centroids.size(); v++) {
      best = dot(vector, centroids.get(v)) > dot(vector, centroids.get(best)) ? v : best;
    }
    return best;
  }

  @Test
  void theStoreGivesBackWhatItWasGivenAndRefusesOthers() throws IOException {
    CodebookConfig config = config("vocabulary=32");
    Map<String, String> identity =
        CodebookStore.identity(Tokenizer.RANDOM_PATCHES, config, snapshot);
    CodebookStore store = new CodebookStore(snapshot, HADOOP);
    FittedCodebook fitted = fitter(config).fit(Tokenizer.RANDOM_PATCHES);
    String name = CodebookStore.name(identity);
    assertThat(store.exists(name)).isFalse();

    store.write(identity, fitted, snapshot);

    assertThat(name).startsWith("random-patches-32-patch4-global-").endsWith(".safetensors");
    assertThat(store.read(identity, 48).codebook().values()).isEqualTo(fitted.codebook().values());
    assertThat(store.read(identity, 48).pictures()).isEqualTo(32);
    assertThatThrownBy(() -> store.read(identity, 192))
        .hasMessageContaining("32 vectors of 48 dimensions, 32 of 192 were expected");
    Path file = Path.of(table, "codebooks", name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 0x40;
    Files.write(file, bytes);
    Files.delete(file.resolveSibling("." + name + ".crc")); // of Hadoop, which would see it first
    assertThatThrownBy(() -> store.read(identity, 48))
        .hasMessageContaining("has length")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
  }

  private static CodebookFitter fitter(CodebookConfig config) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    return new CodebookFitter(spark, snapshot, config);
  }

  private static CodebookConfig config(String... words) {
    KeyValues small = KeyValues.ofWords(List.of("crop-size=16", "patch-size=4"));
    return Configurations.bind(CodebookConfig.class, KeyValues.ofWords(List.of(words)).over(small));
  }

  private static List<float[]> vectors(CodebookConfig config, int views, double share) {
    ModelInput input =
        new ModelInput(snapshot.shape(), 16, 4, config.pixelStatistics().of(snapshot));
    TokenSpace space = new TokenSpace(4, 3, config.tokenCentering());
    PatchSampling sampling =
        new PatchSampling(
            new AugmentedCrops(input, Augmentation.STANDARD, config.seed()), space, config.seed());
    List<float[]> vectors = new ArrayList<>();
    for (RowGroup group : snapshot.rowGroups(Split.TRAIN)) {
      for (PatchRow row : RowGroupReader.read(group, HADOOP)) {
        sampling.sample(row, views, share).stream().map(Sampled::vector).forEach(vectors::add);
      }
    }
    return vectors;
  }

  private static List<float[]> rows(Codebook codebook) {
    List<float[]> rows = new ArrayList<>();
    for (int v = 0; v < codebook.vocabulary(); v++) {
      int from = v * codebook.dimensions();
      rows.add(Arrays.copyOfRange(codebook.values(), from, from + codebook.dimensions()));
    }
    return rows;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
