/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import java.util.List;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.TableStatistics;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.batch.Loading;
import org.splitmask.train.batch.PixelNormalisation;

/** How the table's pictures become mini-batches. */
public record InputConfig(
    @Key(
            defaultValue = "imagenet",
            help = "mean and standard deviation that normalise pixels: ImageNet's or the table's")
        PixelStatistics pixelStatistics,
    @Key(defaultValue = "standard", help = InputConfig.AUGMENTATION_HELP) Augmentation augmentation,
    @Key(
            defaultValue = "4",
            help =
                "row groups whose images are mixed; more row groups mix better and need more"
                    + " memory")
        int mixedRowGroups,
    @Key(
            defaultValue = "512",
            help =
                "megabytes of the table that a process keeps in memory; at least 1, and enough for"
                    + " the largest mixed-row-groups row groups")
        int cacheMegabytes,
    @Key(
            defaultValue = "1",
            help = "threads that make mini-batches ahead of a worker's steps; at least 1")
        int loaderThreads)
    implements Serializable {
  static final String AUGMENTATION_HELP =
      "standard: random crops and flips; strong, for small sets: colour jitter, greyscale, blur and"
          + " solarisation too";

  private static final long MEGABYTE = 1 << 20;

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

  public InputConfig {
    Check.that(cacheMegabytes >= 1, "cache-megabytes must be at least 1, was %d", cacheMegabytes);
  }

  /** How rows are read. */
  public Loading loading() {
    return new Loading(mixedRowGroups, cacheMegabytes * MEGABYTE, loaderThreads);
  }
}
