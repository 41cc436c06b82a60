/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import org.bytedeco.javacpp.Loader;

/**
 * oneDNN's functions, by their own names; handles and addresses are numbers of 64 bits. The library
 * is JavaCPP's build and lies in the application's jar; it is called through JNA, as JavaCPP's own
 * binding does not load without OpenCL (docs/adr/0010).
 */
final class OneDnnLibrary {
  private static final String LIBRARY = "libdnnl.so.3";
  private static final String OPENMP = "libgomp.so.1";

  private OneDnnLibrary() {}

  /**
   * Loads it.
   *
   * @throws IOException if the jar has no oneDNN for this platform, or it cannot be unpacked
   * @throws LinkageError if it cannot be loaded
   */
  static void load() throws IOException {
    unpack(OPENMP); // beside the library, which looks for it there
    NativeLibrary library = NativeLibrary.getInstance(unpack(LIBRARY).getAbsolutePath());
    Native.register(OneDnnLibrary.class, library);
  }

  private static File unpack(String name) throws IOException {
    String place = "/org/bytedeco/dnnl/" + Loader.getPlatform() + "/" + name;
    URL resource = OneDnnLibrary.class.getResource(place);
    if (resource == null) {
      throw new IOException("no " + place + " on the class path");
    }
    return Loader.cacheResource(resource);
  }

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

  static native int dnnl_engine_create(long[] engine, int kind, long index);

  static native int dnnl_stream_create(long[] stream, long engine, int flags);

  static native int dnnl_stream_destroy(long stream);

  static native int dnnl_memory_desc_create_with_strides(
      long[] descriptor, int axes, long[] sizes, int type, long[] strides);

  static native int dnnl_memory_desc_destroy(long descriptor);

  static native int dnnl_memory_create(long[] memory, long descriptor, long engine, long address);

  static native int dnnl_memory_set_data_handle(long memory, long address);

  static native int dnnl_memory_destroy(long memory);

  static native int dnnl_layer_normalization_forward_primitive_desc_create(
      long[] descriptor,
      long engine,
      int kind,
      long source,
      long destination,
      long statistics,
      float epsilon,
      int flags,
      long attributes);

  static native int dnnl_layer_normalization_backward_primitive_desc_create(
      long[] descriptor,
      long engine,
      int kind,
      long sourceGradient,
      long destinationGradient,
      long source,
      long statistics,
      float epsilon,
      int flags,
      long forward,
      long attributes);

  static native int dnnl_eltwise_forward_primitive_desc_create(
      long[] descriptor,
      long engine,
      int kind,
      int function,
      long source,
      long destination,
      float alpha,
      float beta,
      long attributes);

  static native int dnnl_eltwise_backward_primitive_desc_create(
      long[] descriptor,
      long engine,
      int function,
      long sourceGradient,
      long destinationGradient,
      long data,
      float alpha,
      float beta,
      long forward,
      long attributes);

  static native int dnnl_matmul_primitive_desc_create(
      long[] descriptor,
      long engine,
      long source,
      long weights,
      long bias,
      long destination,
      long attributes);

  static native int dnnl_post_ops_create(long[] operations);

  static native int dnnl_post_ops_append_binary(long operations, int function, long array);

  static native int dnnl_post_ops_destroy(long operations);

  static native int dnnl_primitive_attr_create(long[] attributes);

  static native int dnnl_primitive_attr_set_post_ops(long attributes, long operations);

  static native int dnnl_primitive_attr_destroy(long attributes);

  static native int dnnl_primitive_desc_destroy(long descriptor);

  static native int dnnl_primitive_create(long[] primitive, long descriptor);

  static native int dnnl_primitive_execute(
      long primitive, long stream, int count, Pointer arguments);

  static native int dnnl_primitive_destroy(long primitive);
}
