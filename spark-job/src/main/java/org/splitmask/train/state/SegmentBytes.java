/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A {@link StateSegment} as it travels: Java's object streams write a float array value by value,
 * and an array of bytes as it is.
 *
 * @param length of each vector
 * @param vectors 3, or 1 without moments
 * @param bytes the vectors one after the other, little endian
 */
// An array of millions of bytes.
@SuppressWarnings("ArrayRecordComponent")
record SegmentBytes(int length, int vectors, byte[] bytes) implements Serializable {
  static SegmentBytes of(StateSegment segment) {
    int vectors = segment.hasMoments() ? 3 : 1;
    byte[] bytes = new byte[vectors * Float.BYTES * segment.length()];
    FloatBuffer floats = floats(bytes);
    floats.put(segment.parameters());
    floats.put(segment.firstMoment());
    floats.put(segment.secondMoment());
    return new SegmentBytes(segment.length(), vectors, bytes);
  }

  @Serial
  private Object readResolve() throws InvalidObjectException {
    if ((vectors != 1 && vectors != 3) || bytes.length != vectors * Float.BYTES * length) {
      throw new InvalidObjectException(bytes.length + " bytes of " + length + " values");
    }
    FloatBuffer floats = floats(bytes);
    float[] parameters = take(floats, length);
    int moments = vectors == 3 ? length : 0;
    return new StateSegment(parameters, take(floats, moments), take(floats, moments));
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static float[] take(FloatBuffer floats, int count) {
    float[] values = new float[count];
    floats.get(values);
    return values;
  }
}
