/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.mllib.clustering.DistanceMeasure;
import org.apache.spark.mllib.clustering.KMeans;
import org.apache.spark.mllib.clustering.KMeansModel;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.codebook.PatchSampling.Sampled;
import org.splitmask.train.codebook.SamplePatches.FirstPatches;
import org.splitmask.train.codebook.SamplePatches.Ranked;
import org.splitmask.train.config.CodebookConfig;
import org.splitmask.train.random.Seeds;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.PatchTokenizer;
import org.splitmask.train.target.TokenSpace;
import org.splitmask.train.target.Tokenizer;

/** Makes a vocabulary of the train split's patches. */
public final class CodebookFitter {
  private static final long DRAWN = Seeds.hash("codebook");

  private static final int PATCHES_PER_TASK = 50_000;

  private static final int PICTURES_OF_USAGE = 256;

  /** More than are needed, because equal patches (a white wall) make one token, not many. */
  private static final int SPARE = 4;

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final CodebookConfig config;
  private final PatchSampling sampling;
  private final List<RowGroup> groups;

  public CodebookFitter(JavaSparkContext spark, TableSnapshot snapshot, CodebookConfig config) {
    this.spark = spark;
    this.hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    this.config = config;
    ModelInput input =
        new ModelInput(
            snapshot.shape(),
            config.cropSize(),
            config.patchSize(),
            config.pixelStatistics().of(snapshot));
    TokenSpace space =
        new TokenSpace(config.patchSize(), snapshot.shape().channels(), config.tokenCentering());
    AugmentedCrops crops = new AugmentedCrops(input, config.augmentation(), config.seed());
    this.sampling = new PatchSampling(crops, space, config.seed());
    this.groups = snapshot.rowGroups(Split.TRAIN);
    Check.data(!groups.isEmpty(), "the train split of %s has no pictures", snapshot.location());
  }

  /** A vocabulary, and what it was made of. */
  public FittedCodebook fit(Tokenizer tokenizer) {
    return switch (tokenizer) {
      case RANDOM_PROJECTION -> randomProjection();
      case RANDOM_PATCHES -> randomPatches();
      case K_MEANS -> kMeans();
    };
  }

  /** The length of a token's vector. */
  public int dimensions() {
    return sampling.space().dimensions();
  }

  /** How evenly a vocabulary is used by the first crops of a few hundred pictures. */
  public TokenUsage usage(Codebook codebook) {
    AugmentedCrops crops = sampling.crops();
    ModelInput input = crops.input();
    List<PatchRow> rows = new ArrayList<>();
    for (RowGroup group : groups) {
      if (rows.size() < PICTURES_OF_USAGE) {
        rows.addAll(RowGroupReader.read(group, spark.hadoopConfiguration()));
      }
    }
    int pictures = Math.min(rows.size(), PICTURES_OF_USAGE);
    float[] values = new float[input.patches() * input.patchValues()];
    PatchTokenizer tokenizer = new PatchTokenizer(codebook, sampling.space());
    int[] tokens = new int[pictures * input.patches()];
    for (int i = 0; i < pictures; i++) {
      crops.write(rows.get(i), 0, values, 0);
      int[] ofPicture = tokenizer.tokens(values, input.patches());
      System.arraycopy(ofPicture, 0, tokens, i * input.patches(), ofPicture.length);
    }
    return TokenUsage.of(tokens, codebook.vocabulary());
  }

  private FittedCodebook randomProjection() {
    long drawn = Seeds.of(config.seed(), DRAWN);
    Codebook codebook = Codebook.randomProjection(config.vocabulary(), dimensions(), drawn);
    return new FittedCodebook(codebook, 0, 0, 0);
  }

  /** As many pictures as there are tokens, where there are as many: one patch of each. */
  private FittedCodebook randomPatches() {
    int wanted = config.vocabulary();
    spark.setJobGroup("codebook", "codebook: draw " + wanted + " patches");
    // The driver gets a few times what is wanted, however many pictures there are.
    int ofEach = (int) Math.ceil((double) SPARE * wanted / pictures());
    double share = Math.min(1, 1.5 * SPARE * wanted / pictures());
    List<Ranked> candidates =
        spark
            .parallelize(groups, groups.size())
            .flatMap(new FirstPatches(sampling, ofEach, share, hadoop))
            .takeOrdered(SPARE * wanted, new ByRankThenHash());
    List<float[]> vectors = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    Set<String> pictures = new HashSet<>();
    for (Ranked candidate : candidates) {
      if (vectors.size() < wanted && seen.add(Arrays.hashCode(candidate.patch().vector()))) {
        vectors.add(candidate.patch().vector());
        pictures.add(candidate.imageId());
      }
    }
    checkEnough(vectors.size());
    return new FittedCodebook(codebook(vectors), candidates.size(), pictures.size(), 0);
  }

  /** Spherical k-means: vectors of length 1, compared by their cosine. */
  private FittedCodebook kMeans() {
    long perView = (long) pictures() * sampling.crops().input().patches();
    int views = Math.toIntExact((config.patches() + perView - 1) / perView);
    // Every patch has the same chance, so that the number drawn scatters; four deviations below.
    double drawn = config.patches() - 4 * Math.sqrt(config.patches());
    double share = Math.min(1, drawn / (perView * views));
    int tasks = 1 + config.patches() / PATCHES_PER_TASK;
    spark.setJobGroup("codebook", "codebook: k-means on " + config.patches() + " patches");
    JavaRDD<Vector> vectors =
        spark
            .parallelize(groups, groups.size())
            .flatMap(new SamplePatches(sampling, views, share, hadoop))
            .mapToPair(new ByOrder())
            .repartitionAndSortWithinPartitions(new OrderRanges(tasks))
            .values()
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long patches = vectors.count();
      checkEnough(patches);
      KMeansModel model =
          new KMeans()
              .setK(config.vocabulary())
              .setDistanceMeasure(DistanceMeasure.COSINE())
              .setMaxIterations(config.codebookIterations())
              .setSeed(config.seed())
              .run(vectors.rdd());
      List<float[]> centroids = new ArrayList<>();
      for (Vector centre : model.clusterCenters()) {
        centroids.add(unit(centre.toArray()));
      }
      checkEnough(centroids.size());
      return new FittedCodebook(
          codebook(centroids), patches, pictures(), model.trainingCost() / patches);
    } finally {
      vectors.unpersist();
    }
  }

  private int pictures() {
    return groups.stream().mapToInt(RowGroup::rows).sum();
  }

  private void checkEnough(long found) {
    Check.data(
        found >= config.vocabulary(),
        "the train split gives %d patches for a vocabulary of %d; lower vocabulary, raise"
            + " codebook-patches, or choose another token-centering",
        found,
        config.vocabulary());
  }

  private static float[] unit(double[] centre) {
    double length = Math.sqrt(Arrays.stream(centre).map(x -> x * x).sum());
    float[] vector = new float[centre.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (centre[i] / length);
    }
    return vector;
  }

  private static Codebook codebook(List<float[]> vectors) {
    int dimensions = vectors.get(0).length;
    float[] values = new float[vectors.size() * dimensions];
    for (int v = 0; v < vectors.size(); v++) {
      System.arraycopy(vectors.get(v), 0, values, v * dimensions, dimensions);
    }
    return new Codebook(values, dimensions);
  }

  private static final class ByRankThenHash implements Comparator<Ranked>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(Ranked a, Ranked b) {
      int byRank = Integer.compare(a.rank(), b.rank());
      return byRank != 0 ? byRank : Long.compareUnsigned(a.patch().order(), b.patch().order());
    }
  }

  private record ByOrder()
      implements org.apache.spark.api.java.function.PairFunction<Sampled, Long, Vector> {
    @Override
    public scala.Tuple2<Long, Vector> call(Sampled sampled) {
      double[] values = new double[sampled.vector().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = sampled.vector()[i];
      }
      return new scala.Tuple2<>(sampled.order(), Vectors.dense(values));
    }
  }
}
