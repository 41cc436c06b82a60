/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.state.VectorStore.Vector;

class VectorStoreTest {
  /** Three segments, of which the last is short. */
  private static final Segments SEGMENTS = new Segments(10, 4);

  @TempDir private Path folder;

  @Test
  void segmentsCoverTheVector() {
    assertThat(SEGMENTS.count()).isEqualTo(3);
    assertThat(SEGMENTS.from(2)).isEqualTo(8);
    assertThat(SEGMENTS.length(2)).isEqualTo(2);
    assertThat(new Segments(8, 4).count()).isEqualTo(2);
    assertThat(new Segments(0, 4).count()).isZero();
    assertThat(Segments.of(Integer.MAX_VALUE).count()).isEqualTo(1024);
    assertThat(Segments.of(Integer.MAX_VALUE).length(1023)).isEqualTo(Segments.SIZE - 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsWrittenIsReadAndTheRestIsZero(boolean inFile) {
    Random random = new Random(1);
    try (VectorStore store = store(inFile)) {
      Map<Vector, float[]> written = new EnumMap<>(Vector.class);
      for (Vector vector : Vector.values()) {
        float[] values = {random.nextFloat(), -0f, Float.MIN_VALUE, Float.NaN};
        written.put(vector, values.clone());
        store.write(vector, 1, values);
        store.write(vector, 2, new float[] {1, 2});
        store.write(vector, 2, new float[] {3, 4}); // again
      }
      for (Vector vector : Vector.values()) {
        assertThat(store.read(vector, 0)).containsExactly(0, 0, 0, 0);
        assertThat(store.read(vector, 1)).isEqualTo(written.get(vector));
        assertThat(store.read(vector, 2)).containsExactly(3, 4);
      }
      try (VectorStore another = store.another()) {
        assertThat(another.segments()).isEqualTo(SEGMENTS);
        assertThat(another.read(Vector.PARAMETERS, 1)).containsExactly(0, 0, 0, 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSegmentOfAnotherLengthIsADefect(boolean inFile) {
    try (VectorStore store = store(inFile)) {
      assertThatThrownBy(() -> store.write(Vector.VELOCITY, 2, new float[4]))
          .hasMessageContaining("segment 2 has 2 elements, not 4");
    }
  }

  @Test
  void whatIsLargeForTheHeapGoesToAFileThatLeavesNothing() throws IOException {
    assertThat(kind(1000, 4 * 32_000)).isEqualTo(HeapVectors.class);
    assertThat(kind(1001, 4 * 32_000)).isEqualTo(FileVectors.class);
    try (VectorStore file = new FileVectors(SEGMENTS, folder)) {
      file.write(Vector.PARAMETERS, 0, new float[4]);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFolderThatIsMissingIsTheClustersFault() {
    assertThatThrownBy(() -> new FileVectors(SEGMENTS, folder.resolve("gone")))
        .hasMessageContaining("32 bytes a parameter")
        .hasMessageContaining("spark.local.dir")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
  }

  private Class<?> kind(int length, long heapBytes) {
    try (VectorStore store = VectorStore.create(length, heapBytes, folder)) {
      return store.getClass();
    }
  }

  private VectorStore store(boolean inFile) {
    return inFile ? new FileVectors(SEGMENTS, folder) : new HeapVectors(SEGMENTS);
  }
}
