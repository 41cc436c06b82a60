/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.Blas;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.kernel.library.Parts;

/** Places in arrays of 8 GB and more, without the arrays. */
class LargeArraysTest {
  /** The hidden layer of ViT-B with 196 tokens of 5,000 images: more than 2^31 elements. */
  private static final int ROWS = 196 * 5000;

  private static final int WIDTH = 3072;

  @Test
  void theFirstElementOfARowIsCountedIn64Bits() {
    assertThat(Blas.element(ROWS, WIDTH)).isEqualTo(3_010_560_000L);
    assertThat(Blas.element(Integer.MAX_VALUE, Integer.MAX_VALUE))
        .isEqualTo((long) Integer.MAX_VALUE * Integer.MAX_VALUE);
  }

  @Test
  void rowsUpToTheLastIntAreCutIntoParts() {
    int length = Integer.MAX_VALUE;
    Parts parts = Parts.within(length, 1 << 29);
    List<Integer> bounds = new ArrayList<>(List.of(0));
    for (int part = 0; part < parts.count(); part++) {
      int before = bounds.get(bounds.size() - 1);
      parts.run(
          part,
          (from, to) -> {
            assertThat(from).isEqualTo(before);
            assertThat(to).isGreaterThan(from);
            bounds.add(to);
          });
    }
    assertThat(bounds.get(bounds.size() - 1)).isEqualTo(length);
  }

  @Test
  void whatJavasArraysCannotHoldIsRefusedInWords() {
    INDArray large = ofLength((long) Integer.MAX_VALUE + 1);
    String message = "has 2147483648 values, more than 2147483647: lower batch-size";

    assertThatThrownBy(() -> NativeMemory.toArray(large)).hasMessageContaining(message);
    assertThatThrownBy(() -> Blas.buffer(large)).hasMessageContaining(message);
    assertThatThrownBy(() -> Blas.countable(large)).hasMessageContaining(message);
  }

  /** An array that knows its length, and nothing else. */
  private static INDArray ofLength(long length) {
    return (INDArray)
        Proxy.newProxyInstance(
            INDArray.class.getClassLoader(),
            new Class<?>[] {INDArray.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("length")) {
                return length;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
