/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who allocates native memory closes it: fifty uses leave less than one use takes. */
class NativeMemoryIT {
  private static final long MEGABYTE = 1 << 20;

  /** glibc keeps freed memory in pools; with one small pool the process has what is in use. */
  private static final Map<String, String> ONE_POOL =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_MMAP_THRESHOLD_", "65536",
          "MALLOC_MMAP_MAX_", "1000000",
          "MALLOC_TRIM_THRESHOLD_", "65536",
          "OMP_NUM_THREADS", "1");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"trainers", "trainers with threads", "encoders", "frozen encoders", "evaluations"})
  void whatIsClosedLeavesNothing(String what) throws IOException {
    JsonNode json = run(what);

    long use = json.path("bytesOfAUse").asLong();
    long grown = json.path("grown").asLong();
    System.err.printf(
        Locale.ROOT,
        "%s: %.1f MB more after %d times %.1f MB%n",
        what,
        (double) grown / MEGABYTE,
        NativeMemoryApp.TIMES,
        (double) use / MEGABYTE);
    assertThat(grown).as("bytes that %d %s left", NativeMemoryApp.TIMES, what).isLessThan(use);
  }

  private JsonNode run(String what) throws IOException {
    String classes = Path.of("target/test-classes").toAbsolutePath().toString();
    List<String> options =
        List.of(
            // All of the heap is in memory from the start.
            "-Xms256m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+AlwaysPreTouch",
            // What is not closed stays: no collection frees native memory.
            "-Dorg.bytedeco.javacpp.nopointergc=true");
    return new Launcher(folder)
        .java(
            ONE_POOL,
            Launcher.appJar("spark-job") + ":" + classes,
            options,
            NativeMemoryApp.class.getName(),
            List.of(what),
            Duration.ofMinutes(5))
        .succeeded()
        .json();
  }
}
