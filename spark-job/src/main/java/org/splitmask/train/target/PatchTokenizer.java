/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.target;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.common.failure.Check;
import org.splitmask.train.kernel.Kernels;
import org.splitmask.train.kernel.library.Scratch;

/**
 * One token per patch: the codebook's vector of highest cosine similarity, ties to the lowest
 * index. One thread at a time.
 */
public final class PatchTokenizer implements AutoCloseable {
  /** Patches compared at once: 512 × 8192 products are 16 MB. */
  private static final int BLOCK = 512;

  private final TokenSpace space;
  private final int vocabulary;
  private final INDArray codebook;
  private final Scratch scratch = new Scratch();

  public PatchTokenizer(Codebook codebook, TokenSpace space) {
    Check.data(
        codebook.dimensions() == space.dimensions(),
        "the codebook has %d dimensions, patches of side %d need %d",
        codebook.dimensions(),
        space.patchSide(),
        space.dimensions());
    this.space = space;
    this.vocabulary = codebook.vocabulary();
    this.codebook =
        Nd4j.create(codebook.values(), new long[] {vocabulary, space.dimensions()}, 'c');
  }

  /**
   * The tokens of patches.
   *
   * @param patches [count, P·P·C], normalised as the model sees them
   * @return [count]
   */
  public int[] tokens(float[] patches, int count) {
    int values = patches.length / count;
    int[] tokens = new int[count];
    for (int first = 0; first < count; first += BLOCK) {
      int rows = Math.min(BLOCK, count - first);
      float[] vectors = new float[rows * space.dimensions()];
      for (int i = 0; i < rows; i++) {
        space.reduce(patches, (first + i) * values, vectors, i * space.dimensions());
      }
      // The patch's own length scales all its products alike: it need not be divided out.
      INDArray similarity = scratch.array("similarity", DataType.FLOAT, rows, vocabulary);
      INDArray input = scratch.array("input", DataType.FLOAT, rows, space.dimensions());
      input.data().asNioFloat().put(0, vectors);
      Kernels.of(DataType.FLOAT).linear(input, codebook, null, null, similarity);
      largest(similarity, rows, tokens, first);
    }
    return tokens;
  }

  @Override
  public void close() {
    scratch.close();
    codebook.close();
  }

  private void largest(INDArray similarity, int rows, int[] tokens, int first) {
    var buffer = similarity.data().asNioFloat();
    float[] row = new float[vocabulary];
    for (int i = 0; i < rows; i++) {
      buffer.get(i * vocabulary, row, 0, vocabulary);
      int best = 0;
      for (int v = 1; v < vocabulary; v++) {
        if (row[v] > row[best]) {
          best = v;
        }
      }
      tokens[first + i] = best;
    }
  }
}
