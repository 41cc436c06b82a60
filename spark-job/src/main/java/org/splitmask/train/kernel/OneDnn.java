/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.splitmask.train.kernel.Blas.Matrix;

/**
 * oneDNN's product, which is compiled for the processor when it first runs (docs/adr/0010). The
 * library is JavaCPP's build of it and lies in the application's jar; it is called through JNA, as
 * JavaCPP's own binding does not load without OpenCL.
 */
final class OneDnn implements Sgemm {
  private static final String LIBRARY = "libdnnl.so.3";
  private static final String OPENMP = "libgomp.so.1";
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
            Functions.omp_set_num_threads(1);
            return true;
          });

  private OneDnn() {}

  /**
   * Loads it.
   *
   * @throws IOException if the jar has no oneDNN for this platform, or it cannot be unpacked
   * @throws LinkageError if it cannot be loaded
   */
  static OneDnn load() throws IOException {
    unpack(OPENMP); // beside the library, which looks for it there
    NativeLibrary library = NativeLibrary.getInstance(unpack(LIBRARY).getAbsolutePath());
    Native.register(Functions.class, library);
    return new OneDnn();
  }

  private static File unpack(String name) throws IOException {
    String place = "/org/bytedeco/dnnl/" + Loader.getPlatform() + "/" + name;
    URL resource = OneDnn.class.getResource(place);
    if (resource == null) {
      throw new IOException("no " + place + " on the class path");
    }
    return Loader.cacheResource(resource);
  }

  @Override
  public void multiply(int m, int n, int k, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    int status =
        Functions.dnnl_sgemm(
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
          String.format("oneDNN refused a product of %d×%d×%d with status %d", m, n, k, status));
    }
  }

  @Override
  public void prepareThread() {
    SINGLE.get();
  }

  @Override
  public String description() {
    Pointer version = Functions.dnnl_version();
    int code = Functions.dnnl_get_effective_cpu_isa();
    return String.format(
        "oneDNN %d.%d.%d for %s",
        version.getInt(0),
        version.getInt(4),
        version.getInt(8),
        INSTRUCTIONS.getOrDefault(code, String.format("instructions 0x%x", code)));
  }

  /** The library's functions, by their own names. */
  private static final class Functions {
    private Functions() {}

    static native int dnnl_sgemm(
        byte transposeA,
        byte transposeB,
        long m,
        long n,
        long k,
        float alpha,
        long a,
        long strideA,
        long b,
        long strideB,
        float beta,
        long c,
        long strideC);

    static native Pointer dnnl_version();

    static native int dnnl_get_effective_cpu_isa();

    static native void omp_set_num_threads(int threads);
  }
}
