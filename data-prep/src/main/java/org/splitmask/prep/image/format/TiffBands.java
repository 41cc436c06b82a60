/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import java.util.Map;
import java.util.TreeMap;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.format.SampleMeaning.Alpha;
import org.splitmask.prep.image.format.SampleMeaning.Zero;
import org.splitmask.prep.image.format.TiffSamples.Planes;

/**
 * Tells the decoder about extra bands in the one way that it understands: it takes a band that
 * nobody declared for alpha, counts two bands of grey where there are more, and looks for alpha
 * only in the first plane behind the colours. It also turns every band round where white is zero.
 */
public final class TiffBands {
  private static final int[] PIECES = {273, 279, 324, 325}; // offsets and lengths: strips, tiles

  private TiffBands() {}

  /** The file; where it has extra bands, with a directory that the decoder cannot mistake. */
  public static byte[] forDecoder(byte[] file, TiffSamples samples) throws RefusedImageException {
    SampleMeaning meaning = samples.meaning();
    int surplus = samples.stored() - meaning.colours();
    if (surplus <= 0 || samples.colouring() == TiffSamples.Colouring.PALETTE) {
      return file;
    }
    TiffDirectory directory = new TiffDirectory(file);
    Map<Integer, long[]> changed = new TreeMap<>();
    // Of bands that lie together all are decoded, of planes the colours and what is called alpha.
    long[] extras = new long[surplus];
    if (samples.planes() == Planes.APART && meaning.alpha() != Alpha.NONE) {
      extras[0] = TiffSamples.UNASSOCIATED;
      for (int tag : PIECES) {
        long[] pieces = directory.values(tag, TiffStructure.MOST_PIECES);
        if (pieces != null) {
          swapPlanes(pieces, samples);
          changed.put(tag, pieces);
        }
      }
    }
    changed.put(TiffSamples.EXTRA_SAMPLES, extras);
    if (meaning.zero() == Zero.WHITE) {
      changed.put(TiffSamples.PHOTOMETRIC, new long[] {TiffSamples.BLACK_IS_ZERO});
    }
    return directory.with(changed);
  }

  /** Exchanges the first extra plane with the one that is alpha. */
  private static void swapPlanes(long[] pieces, TiffSamples samples) {
    int each = pieces.length / samples.stored();
    for (int i = 0; i < each; i++) {
      int first = samples.meaning().colours() * each + i;
      int alpha = samples.alphaAt() * each + i;
      long kept = pieces[first];
      pieces[first] = pieces[alpha];
      pieces[alpha] = kept;
    }
  }
}
