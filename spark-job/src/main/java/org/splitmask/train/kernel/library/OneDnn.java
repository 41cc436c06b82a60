/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.splitmask.train.kernel.library.Blas.Matrix;

/** oneDNN, whose code is compiled for the processor when it first runs (docs/adr/0010). */
final class OneDnn implements CpuLibrary {
  private static final byte AS_IS = 'N';
  private static final byte TRANSPOSED = 'T';

  /** By oneDNN's codes, of dnnl_cpu_isa_t. */
  private static final Map<Integer, String> INSTRUCTIONS =
      Map.of(
          0x1, "SSE4.1",
          0x3, "AVX",
          0x7, "AVX2",
          0xf, "AVX2-VNNI",
          0x67, "AVX-512 with VNNI",
          0xe7, "AVX-512 with bfloat16",
          0x1ef, "AVX-512 with float16",
          0xfef, "AVX-512 with AMX",
          0x1fef, "AVX-512 with AMX and float16");

  /** OpenMP counts threads for each thread that asks: ours have one each. */
  private static final ThreadLocal<Boolean> SINGLE =
      ThreadLocal.withInitial(
          () -> {
            OneDnnLibrary.omp_set_num_threads(1);
            return true;
          });

  private final RowKernels rowKernels = new OneDnnRowKernels();

  private OneDnn() {}

  /**
   * Loads it.
   *
   * @throws IOException if the jar has no oneDNN for this platform, or it cannot be unpacked
   * @throws LinkageError if it cannot be loaded
   */
  static OneDnn load() throws IOException {
    OneDnnLibrary.load();
    return new OneDnn();
  }

  @Override
  public void multiply(int m, int n, int k, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    int status =
        OneDnnLibrary.dnnl_sgemm(
            a.isTransposed() ? TRANSPOSED : AS_IS,
            b.isTransposed() ? TRANSPOSED : AS_IS,
            m,
            n,
            k,
            alpha,
            a.address(),
            a.stride(),
            b.address(),
            b.stride(),
            beta,
            c.address(),
            c.stride());
    if (status != 0) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "oneDNN refused a product of %d×%d×%d with status %d", m, n, k, status));
    }
  }

  @Override
  public RowKernels rowKernels() {
    return rowKernels;
  }

  @Override
  public void prepareThread() {
    SINGLE.get();
  }

  @Override
  public String description() {
    Pointer version = OneDnnLibrary.dnnl_version();
    int code = OneDnnLibrary.dnnl_get_effective_cpu_isa();
    return String.format(
        Locale.ROOT,
        "oneDNN %d.%d.%d for %s",
        version.getInt(0),
        version.getInt(4),
        version.getInt(8),
        INSTRUCTIONS.getOrDefault(code, "instructions 0x" + Integer.toHexString(code)));
  }
}
