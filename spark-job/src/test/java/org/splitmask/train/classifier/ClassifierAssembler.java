/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.classifier;

import java.util.List;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.MiniBatchAssembler;

/** Crops pictures and looks their labels up. */
record ClassifierAssembler(AugmentedCrops crops, List<String> classes)
    implements MiniBatchAssembler<ClassifierBatch> {
  @Override
  public ClassifierBatch assemble(List<PatchRow> rows, int epoch) {
    int imageValues = crops.input().patches() * crops.input().patchValues();
    float[] patches = new float[rows.size() * imageValues];
    int[] labels = new int[rows.size()];
    for (int n = 0; n < labels.length; n++) {
      crops.write(rows.get(n), epoch, patches, n * imageValues);
      labels[n] = classes.indexOf(rows.get(n).label());
    }
    return new ClassifierBatch(labels.length, patches, labels);
  }
}
