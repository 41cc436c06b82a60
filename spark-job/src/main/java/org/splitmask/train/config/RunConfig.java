/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import java.util.List;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.TableStatistics;
import org.splitmask.train.batch.PixelNormalisation;

/** How long, on how many workers, and what is kept. */
public record RunConfig(
    @Key(defaultValue = "100", help = "how often every image is seen; at least 1") int epochs,
    @Key(
            defaultValue = "32",
            help = "largest mini-batch of one worker, from which its negatives come; at least 2")
        int batchSize,
    @Key(defaultValue = "2", help = "workers whose parameters are averaged; at least 1")
        int workers,
    @Key(defaultValue = "10", help = "local steps of a worker between two averages; at least 1")
        int stepsPerRound,
    @Key(defaultValue = "1", help = "native threads of a worker; at least 1") int threads,
    @Key(defaultValue = "42", help = "everything random follows from it") long seed,
    @Key(defaultValue = "imagenet", help = "pixel mean and deviation that inputs are scaled with")
        PixelStatistics pixelStatistics,
    @Key(defaultValue = "10", help = "rounds between two checkpoints; at least 1")
        int checkpointEvery,
    @Key(defaultValue = "3", help = "checkpoints that are kept; at least 1") int keepCheckpoints,
    @Key(
            defaultValue = "4",
            help = "row groups whose images are mixed; more mix better and hold more memory")
        int mixedRowGroups,
    @Key(
            defaultValue = "512",
            help = "megabytes of the table that a process keeps; not less than what is mixed")
        int cacheMegabytes)
    implements Serializable {
  /** Which statistics scale the inputs. */
  public enum PixelStatistics {
    /** Those of ImageNet, for any table. */
    IMAGENET {
      @Override
      public PixelNormalisation of(TableSnapshot snapshot) {
        return PixelNormalisation.IMAGENET;
      }
    },
    /** Those of the table's train split. */
    TABLE {
      @Override
      public PixelNormalisation of(TableSnapshot snapshot) {
        TableStatistics statistics = snapshot.statistics();
        return new PixelNormalisation(
            toFloats(statistics.pixelMean()), toFloats(statistics.pixelStd()));
      }
    };

    /** The statistics for this table. */
    public abstract PixelNormalisation of(TableSnapshot snapshot);

    private static float[] toFloats(List<Double> values) {
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i).floatValue();
      }
      return floats;
    }
  }

  public RunConfig {
    Check.that(
        checkpointEvery >= 1, "checkpoint-every must be at least 1, was %d", checkpointEvery);
    Check.that(
        keepCheckpoints >= 1, "keep-checkpoints must be at least 1, was %d", keepCheckpoints);
    Check.that(cacheMegabytes >= 1, "cache-megabytes must be at least 1, was %d", cacheMegabytes);
  }
}
