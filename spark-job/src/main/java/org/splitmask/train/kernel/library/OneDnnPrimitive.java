/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation that oneDNN has compiled for arrays of one shape, and the memory objects that say
 * where those are. One thread at a time.
 */
final class OneDnnPrimitive {
  private static final int CPU = 1; // dnnl_cpu
  private static final int IN_ORDER = 1; // dnnl_stream_default_flags

  /** sizeof(dnnl_exec_arg_t): an int, padding, a handle. */
  private static final int ARGUMENT_BYTES = 16;

  private static final int HANDLE_AT = 8;

  /** oneDNN's view of this process's processor; never destroyed. */
  private static final class Engine {
    static final long CPU_ENGINE =
        created("an engine", to -> OneDnnLibrary.dnnl_engine_create(to, CPU, 0));
  }

  /** A function of the library that writes a handle. */
  interface Creation {
    /** Writes it and returns the status. */
    int into(long[] handle);
  }

  /** What an array is to an operation, by the numbers of the DNNL_ARG constants. */
  enum Role {
    SOURCE(1),
    DESTINATION(17),
    WEIGHTS(33),
    BIAS(41),
    MEAN(49),
    VARIANCE(50),
    SCALE(51),
    SHIFT(52),
    SOURCE_GRADIENT(129),
    DESTINATION_GRADIENT(145),
    SCALE_GRADIENT(255),
    SHIFT_GRADIENT(256),
    /** What the first operation after the primitive's own adds. */
    ADDED(32768 | 2);

    private final int number;

    Role(int number) {
      this.number = number;
    }

    /** An array of that layout in this role. */
    Argument of(long layout) {
      return new Argument(this, layout);
    }
  }

  /**
   * An array that the operation reads or writes.
   *
   * @param layout a descriptor of {@link Layouts}
   */
  record Argument(Role role, long layout) {}

  private final long primitive;
  private final long stream;
  private final long[] memories;
  private final Memory arguments;

  /**
   * Compiles it.
   *
   * @param operation its descriptor, which the caller destroys
   * @param arrays what {@link #execute} is given, in its order
   */
  OneDnnPrimitive(long operation, List<Argument> arrays) {
    this.primitive =
        created("a primitive", to -> OneDnnLibrary.dnnl_primitive_create(to, operation));
    this.stream =
        created("a stream", to -> OneDnnLibrary.dnnl_stream_create(to, engine(), IN_ORDER));
    this.memories = new long[arrays.size()];
    this.arguments = new Memory((long) ARGUMENT_BYTES * memories.length);
    arguments.clear();
    for (int i = 0; i < memories.length; i++) {
      long layout = arrays.get(i).layout;
      memories[i] =
          created("memory", to -> OneDnnLibrary.dnnl_memory_create(to, layout, engine(), 0));
      arguments.setInt((long) ARGUMENT_BYTES * i, arrays.get(i).role.number);
      arguments.setLong((long) ARGUMENT_BYTES * i + HANDLE_AT, memories[i]);
    }
  }

  static long engine() {
    return Engine.CPU_ENGINE;
  }

  /** The handle that a function writes. */
  static long created(String what, Creation creation) {
    long[] handle = new long[1];
    check(creation.into(handle), what);
    return handle[0];
  }

  private static void check(int status, String what) {
    if (status != 0) {
      throw new IllegalStateException("oneDNN refused " + what + " with status " + status);
    }
  }

  /** Runs it on arrays at these addresses, and waits. */
  void execute(long... addresses) {
    for (int i = 0; i < memories.length; i++) {
      check(OneDnnLibrary.dnnl_memory_set_data_handle(memories[i], addresses[i]), "an address");
    }
    check(
        OneDnnLibrary.dnnl_primitive_execute(primitive, stream, memories.length, arguments),
        "to execute");
  }

  /** Frees it; it must not be used again. */
  void destroy() {
    for (long memory : memories) {
      check(OneDnnLibrary.dnnl_memory_destroy(memory), "to end memory");
    }
    check(OneDnnLibrary.dnnl_stream_destroy(stream), "to end a stream");
    check(OneDnnLibrary.dnnl_primitive_destroy(primitive), "to end a primitive");
    arguments.close();
  }

  /** Descriptors of arrays and operations, which primitives need only while they are created. */
  static final class Layouts implements AutoCloseable {
    private static final int FLOAT32 = 3; // dnnl_f32
    private static final int ADDITION = 0x1fff0; // dnnl_binary_add

    private final List<Long> arrays = new ArrayList<>();
    private final List<Long> operations = new ArrayList<>();
    private final List<Long> attributes = new ArrayList<>();

    /** A row-major float32 array of these sizes. */
    long array(long... sizes) {
      long[] strides = new long[sizes.length];
      long stride = 1;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        strides[axis] = stride;
        stride *= sizes[axis];
      }
      return strided(sizes, strides);
    }

    /** A row-major float32 matrix, to be read as its transpose. */
    long transposed(long rows, long columns) {
      return strided(new long[] {columns, rows}, new long[] {1, columns});
    }

    private long strided(long[] sizes, long[] strides) {
      long layout =
          created(
              "an array's layout",
              to ->
                  OneDnnLibrary.dnnl_memory_desc_create_with_strides(
                      to, sizes.length, sizes, FLOAT32, strides));
      arrays.add(layout);
      return layout;
    }

    /** An operation. */
    long operation(Creation creation) {
      long operation = created("an operation", creation);
      operations.add(operation);
      return operation;
    }

    /** That an array is added to an operation's result. */
    long adding(long array) {
      long after = created("what follows", OneDnnLibrary::dnnl_post_ops_create);
      check(OneDnnLibrary.dnnl_post_ops_append_binary(after, ADDITION, array), "an addition");
      long attribute = created("attributes", OneDnnLibrary::dnnl_primitive_attr_create);
      attributes.add(attribute);
      check(OneDnnLibrary.dnnl_primitive_attr_set_post_ops(attribute, after), "what follows");
      check(OneDnnLibrary.dnnl_post_ops_destroy(after), "to end what follows");
      return attribute;
    }

    @Override
    public void close() {
      arrays.forEach(a -> check(OneDnnLibrary.dnnl_memory_desc_destroy(a), "to end a layout"));
      operations.forEach(o -> check(OneDnnLibrary.dnnl_primitive_desc_destroy(o), "to end one"));
      attributes.forEach(a -> check(OneDnnLibrary.dnnl_primitive_attr_destroy(a), "to end some"));
    }
  }
}
