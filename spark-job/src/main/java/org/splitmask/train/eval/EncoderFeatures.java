/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.kernel.KernelThreads;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.splitmask.SplitMaskNetwork;

/**
 * The encoder's frozen features: the mean of its L outputs over the whole picture, nothing masked.
 *
 * @param parameters the encoder's, in its own layout
 * @param threads the native threads of a task
 */
record EncoderFeatures(NetworkShape shape, float[] parameters, ModelInput input, int threads)
    implements RowFeatures {
  /** Every block of the encoder keeps what it computed of these; 64 images of 64 patches. */
  private static final int PATCHES_AT_ONCE = 4096;

  private static final int MOST_IMAGES = 64;

  @Override
  public List<float[]> of(List<PatchRow> rows) {
    return new KernelThreads(threads).call(() -> encode(rows));
  }

  private List<float[]> encode(List<PatchRow> rows) {
    SplitMaskNetwork encoder = SplitMaskNetwork.createEncoder(shape, DataType.FLOAT, 0);
    NativeMemory.copy(parameters, encoder.parameters());
    List<float[]> features = new ArrayList<>();
    int atOnce = Math.max(1, Math.min(MOST_IMAGES, PATCHES_AT_ONCE / input.patches()));
    for (int from = 0; from < rows.size(); from += atOnce) {
      int to = Math.min(from + atOnce, rows.size());
      features.addAll(encode(encoder, rows.subList(from, to)));
    }
    return features;
  }

  private List<float[]> encode(SplitMaskNetwork encoder, List<PatchRow> rows) {
    int imageValues = input.patches() * input.patchValues();
    float[] pixels = new float[rows.size() * imageValues];
    for (int n = 0; n < rows.size(); n++) {
      input.whole(rows.get(n).patches(), pixels, n * imageValues);
    }
    long[] sides = {rows.size(), input.patches(), input.patchValues()};
    try (INDArray patches = Nd4j.create(pixels, sides, 'c');
        INDArray means = encoder.encode(patches).mean(1)) {
      List<float[]> features = new ArrayList<>();
      for (float[] row : means.toFloatMatrix()) {
        features.add(row);
      }
      return features;
    }
  }
}
