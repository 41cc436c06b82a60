/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.kernel.library.KernelThreads;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.VisionEncoder;

/**
 * The encoder's frozen features: the mean of its L outputs over the whole picture, nothing masked.
 *
 * @param parameters the encoder's, in its own layout
 * @param threads the native threads of a task
 */
// An array of as many values as the encoder has parameters.
@SuppressWarnings("ArrayRecordComponent")
record EncoderFeatures(NetworkShape shape, float[] parameters, ModelInput input, int threads)
    implements RowFeatures {
  /** Every block of the encoder keeps what it computed of these; 64 images of 64 patches. */
  private static final int PATCHES_AT_ONCE = 4096;

  private static final int MOST_IMAGES = 64;

  @Override
  public Extractor open() {
    return new EncoderExtractor(this);
  }

  /** One encoder with its native memory. */
  private static final class EncoderExtractor implements Extractor {
    private final ModelInput input;
    private final KernelThreads kernelThreads;
    private final VisionEncoder encoder;

    EncoderExtractor(EncoderFeatures features) {
      this.input = features.input;
      this.kernelThreads = new KernelThreads(features.threads);
      this.encoder = new VisionEncoder(features.shape, features.parameters);
    }

    @Override
    public List<float[]> of(List<PatchRow> rows) {
      return kernelThreads.call(() -> encodeAll(rows));
    }

    private List<float[]> encodeAll(List<PatchRow> rows) {
      List<float[]> features = new ArrayList<>();
      int atOnce = Math.max(1, Math.min(MOST_IMAGES, PATCHES_AT_ONCE / input.patches()));
      for (int from = 0; from < rows.size(); from += atOnce) {
        int to = Math.min(from + atOnce, rows.size());
        features.addAll(encode(rows.subList(from, to)));
      }
      return features;
    }

    private List<float[]> encode(List<PatchRow> rows) {
      int imageValues = input.patches() * input.patchValues();
      float[] pixels = new float[rows.size() * imageValues];
      for (int n = 0; n < rows.size(); n++) {
        input.whole(rows.get(n).patches(), pixels, n * imageValues);
      }
      try (INDArray means = encoder.encode(pixels).mean(1)) {
        return List.of(means.toFloatMatrix());
      }
    }

    @Override
    public void close() {
      encoder.close();
    }
  }
}
