/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.ArrayList;
import java.util.List;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.engine.FrozenEncoder;
import org.splitmask.train.model.NetworkShape;

/**
 * The encoder's frozen features: the mean of its L outputs over the whole picture, nothing masked.
 *
 * @param encoders what computes them
 * @param parameters the encoder's, in its own layout
 * @param threads the native threads of a task
 */
// An array of as many values as the encoder has parameters.
@SuppressWarnings("ArrayRecordComponent")
record EncoderFeatures(
    EncoderFactory encoders, NetworkShape shape, float[] parameters, ModelInput input, int threads)
    implements RowFeatures {
  @Override
  public Extractor open() {
    return new EncoderExtractor(input, encoders.open(shape, parameters, threads));
  }

  private record EncoderExtractor(ModelInput input, FrozenEncoder encoder) implements Extractor {
    @Override
    public List<float[]> of(List<PatchRow> rows) {
      List<float[]> features = new ArrayList<>();
      int atOnce = encoder.picturesAtOnce();
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
      return encoder.features(pixels);
    }

    @Override
    public void close() {
      encoder.close();
    }
  }
}
