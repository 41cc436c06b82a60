/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

class StateSegmentTest {
  private static final float[] ODD = {
    1.5f, -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE
  };

  @Test
  void whatTravelsArrivesToTheBit() throws Exception {
    StateSegment arrived =
        travelled(new StateSegment(ODD, new float[] {1, 2, 3, 4, 5, 6}, ODD.clone()));

    assertThat(bits(arrived.parameters())).isEqualTo(bits(ODD));
    assertThat(arrived.firstMoment()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(bits(arrived.secondMoment())).isEqualTo(bits(ODD));
    assertThat(arrived.hasMoments()).isTrue();
  }

  @Test
  void withoutMomentsAThirdOfTheBytesTravels() throws Exception {
    StateSegment segment = new StateSegment(new float[900], new float[900], new float[900]);
    StateSegment arrived = travelled(segment.withoutMoments());

    assertThat(arrived.hasMoments()).isFalse();
    assertThat(arrived.length()).isEqualTo(900);
    assertThat(bytes(segment).length - bytes(segment.withoutMoments()).length)
        .isEqualTo(2 * 4 * 900);
  }

  @Test
  void bytesThatAreTooFewAreRefused() {
    assertThatThrownBy(() -> travelled(new SegmentBytes(3, 3, new byte[35])))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("35 bytes of 3 values");
    assertThatThrownBy(() -> travelled(new SegmentBytes(3, 2, new byte[24])))
        .isInstanceOf(InvalidObjectException.class);
  }

  @Test
  void momentsOfAnotherLengthAreRefused() {
    assertThatThrownBy(() -> new StateSegment(new float[3], new float[2], new float[2]))
        .hasMessageContaining("moments of another length");
    assertThatThrownBy(() -> new StateSegment(new float[3], new float[3], new float[0]))
        .hasMessageContaining("moments of another length");
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static StateSegment travelled(Serializable sent) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(sent)))) {
      return (StateSegment) in.readObject();
    }
  }

  private static byte[] bytes(Serializable sent) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sent);
    }
    return bytes.toByteArray();
  }
}
