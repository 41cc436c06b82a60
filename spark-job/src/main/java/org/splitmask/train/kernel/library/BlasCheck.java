/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Which library multiplies matrices in this process, and how fast. A library that does not know the
 * processor falls back to code for one of twenty years ago, silently and several times slower.
 *
 * @param library its name, version, and what it takes the processor for
 * @param threads that multiplied
 * @param gigaflops what they reached
 * @param peak what so many cores do at their nominal clock, in GFLOP/s; none where that is unknown
 */
public record BlasCheck(String library, int threads, double gigaflops, OptionalDouble peak) {
  private static final Logger LOG = LoggerFactory.getLogger(BlasCheck.class);
  private static final Set<Integer> LOGGED = ConcurrentHashMap.newKeySet();
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Pattern CLOCK = Pattern.compile("(?m)^cpu MHz\\s*:\\s*([0-9.]+)$");
  private static final Pattern FLAGS = Pattern.compile("(?m)^flags\\s*:\\s*(.*)$");

  /** Good libraries reach most of the peak, and half of it where threads share a core. */
  private static final double LEAST_SHARE = 0.25;

  /** Multiplies for some tenths of a second. */
  public static BlasCheck run(KernelThreads threads, LongSupplier nanoTime) {
    int count = threads.call(KernelThreads::available);
    return new BlasCheck(
        Blas.description(), count, SgemmRate.measure(threads, nanoTime), peakHere(count));
  }

  /** Checks and logs once for each number of threads, however many ask in this process. */
  public static void logOnce(int threads, InstantSource clock) {
    if (LOGGED.add(threads)) {
      try (KernelThreads some = new KernelThreads(threads)) {
        BlasCheck check = run(some, () -> nanos(clock.instant()));
        LOG.atLevel(check.isSlow() ? Level.WARN : Level.INFO).log(check.message());
      }
    }
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
  }

  private static OptionalDouble peakHere(int threads) {
    try {
      return peak(Files.readString(PROCESSORS, StandardCharsets.UTF_8), threads);
    } catch (IOException e) {
      return OptionalDouble.empty(); // not Linux
    }
  }

  /** From what Linux says about x86 processors. */
  static OptionalDouble peak(String processors, int threads) {
    Matcher clock = CLOCK.matcher(processors);
    Matcher flags = FLAGS.matcher(processors);
    if (!clock.find() || !flags.find()) {
      return OptionalDouble.empty();
    }
    double gigahertz = Double.parseDouble(clock.group(1)) / 1000;
    return OptionalDouble.of(threads * gigahertz * operationsOfCycle(" " + flags.group(1) + " "));
  }

  /** Two units, each a product and a sum of every lane; before AVX2 these are not one. */
  private static int operationsOfCycle(String flags) {
    if (flags.contains(" avx512f ")) {
      return 64;
    }
    if (flags.contains(" avx2 ")) {
      return 32;
    }
    return flags.contains(" avx ") ? 16 : 8;
  }

  /** Whether something is wrong. */
  public boolean isSlow() {
    return peak.isPresent() && gigaflops < LEAST_SHARE * peak.getAsDouble();
  }

  /** The line for the log. */
  public String message() {
    String found =
        String.format(
            Locale.ROOT,
            "matrix products by %s: %.0f GFLOP/s on %d %s",
            library,
            gigaflops,
            threads,
            threads == 1 ? "thread" : "threads");
    if (!isSlow()) {
      return found;
    }
    return found
        + String.format(
            Locale.ROOT,
            ", where %.0f are possible. Are there more tasks than cores (spark.task.cpus, threads)?"
                + " Else try the other library, -Dsplitmask.blas=openblas or onednn in"
                + " spark.executor.extraJavaOptions (docs/adr/0010)",
            peak.orElse(0));
  }
}
