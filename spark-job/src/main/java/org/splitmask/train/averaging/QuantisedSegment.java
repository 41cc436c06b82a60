/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.splitmask.common.failure.Check;
import org.splitmask.train.random.BitStream;
import org.splitmask.train.state.StateSegment;

/**
 * A segment of a worker's result in few bytes: Δ = θ_w − θ_r in whole numbers with a scale for each
 * block of {@value #BLOCK} elements (QSGD, Alistarh et al., 1610.02132), and Adam's moments in the
 * upper 16 bits of their floats.
 *
 * <p>Rounding is up or down at random, so that the mean over draws is exact, and the errors of
 * different workers and rounds cancel. Rounding to the nearest would lose for ever what is below
 * half a step: a second moment that decays by a thousandth a round would not decay. Error feedback
 * would keep it, but a worker that is lost would take its errors with it (docs/adr/0019). The draws
 * follow from a seed, so that a task that is tried again sends the same bytes.
 *
 * @param length of each vector
 * @param precision of Δ
 * @param hasMoments whether there are moments
 * @param bytes little endian: a float for each block, its largest |Δ|; Δ; then 16 bits of each m
 *     and of each v
 */
// An array of millions of bytes.
@SuppressWarnings("ArrayRecordComponent")
public record QuantisedSegment(
    int length, DeltaPrecision precision, boolean hasMoments, byte[] bytes)
    implements Serializable {
  /** A sixty-fourth of a byte an element for scales; one large element spoils few others. */
  private static final int BLOCK = 256;

  private static final int MOMENT_BYTES = 2 * Short.BYTES;

  /** The bits of a float that are left out, and those of its exponent. */
  private static final int DROPPED = 16;

  private static final int EXPONENT = 0x7f80_0000;

  public QuantisedSegment {
    Check.invariant(!precision.isExact(), "float32 needs no rounding");
    Check.invariant(
        bytes.length == bytes(length, precision, hasMoments),
        "%d bytes of %d elements",
        bytes.length,
        length);
  }

  /** The bytes of so many elements. */
  static int bytes(int length, DeltaPrecision precision, boolean hasMoments) {
    int elements = precision.deltaBytes() + (hasMoments ? MOMENT_BYTES : 0);
    return Math.toIntExact((long) blocks(length) * Float.BYTES + (long) length * elements);
  }

  /**
   * Rounds a worker's segment.
   *
   * @param start θ_r, which the worker began with
   * @param seed of the draws
   */
  public static QuantisedSegment of(
      float[] start, StateSegment worker, DeltaPrecision precision, long seed) {
    int length = worker.length();
    byte[] bytes = new byte[bytes(length, precision, worker.hasMoments())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] deltas = new float[length];
    for (int i = 0; i < length; i++) {
      deltas[i] = worker.parameters()[i] - start[i];
    }
    BitStream draws = new BitStream(seed);
    float[] largest = largest(deltas);
    for (float scale : largest) {
      buffer.putFloat(scale);
    }
    for (int i = 0; i < length; i++) {
      int whole = draw(deltas[i], largest[i / BLOCK], precision.most(), draws);
      if (precision == DeltaPrecision.INT8) {
        buffer.put((byte) whole);
      } else {
        buffer.putShort((short) whole);
      }
    }
    putMoments(buffer, worker.firstMoment(), draws);
    putMoments(buffer, worker.secondMoment(), draws);
    return new QuantisedSegment(length, precision, worker.hasMoments(), bytes);
  }

  /**
   * The worker's segment, as far as it came through.
   *
   * @param start θ_r, as in {@link #of}
   */
  public StateSegment from(float[] start) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] steps = new float[blocks(length)];
    for (int b = 0; b < steps.length; b++) {
      steps[b] = buffer.getFloat() / precision.most();
    }
    float[] parameters = new float[length];
    for (int i = 0; i < length; i++) {
      int whole = precision == DeltaPrecision.INT8 ? buffer.get() : buffer.getShort();
      parameters[i] = start[i] + whole * steps[i / BLOCK];
    }
    int moments = hasMoments ? length : 0;
    return new StateSegment(parameters, moments(buffer, moments), moments(buffer, moments));
  }

  private static int blocks(int length) {
    return (int) (((long) length + BLOCK - 1) / BLOCK);
  }

  /** By block; NaN where an element is not finite, so that the whole block is not. */
  private static float[] largest(float[] deltas) {
    float[] largest = new float[blocks(deltas.length)];
    for (int i = 0; i < deltas.length; i++) {
      float size = Math.abs(deltas[i]);
      int block = i / BLOCK;
      largest[block] = Math.max(largest[block], size <= Float.MAX_VALUE ? size : Float.NaN);
    }
    return largest;
  }

  /** A whole number of steps, largest / most each, whose mean over draws is the value. */
  private static int draw(float value, float largest, int most, BitStream draws) {
    double exact = largest > 0 ? (double) value / largest * most : 0;
    // Halves, so that a whole number stays one: a draw is above 0 and below 1.
    double above = (draws.next(Integer.SIZE) + 0.5) * 0x1p-32;
    return (int) Math.floor(exact + above);
  }

  private static void putMoments(ByteBuffer buffer, float[] values, BitStream draws) {
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value);
      if ((bits & EXPONENT) != EXPONENT) { // what is not finite stays so
        bits += (int) draws.next(DROPPED);
      }
      buffer.putShort((short) (bits >>> DROPPED));
    }
  }

  private static float[] moments(ByteBuffer buffer, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(buffer.getShort() << DROPPED);
    }
    return values;
  }
}
