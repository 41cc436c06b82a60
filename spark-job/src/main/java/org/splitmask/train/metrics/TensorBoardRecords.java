/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * TensorBoard's events as bytes: TFRecords of the protocol buffer {@code tensorflow.Event}, as
 * TensorFlow's event.proto, summary.proto and record_writer.cc describe them.
 */
final class TensorBoardRecords {
  private static final String FILE_VERSION = "brain.Event:2";

  /** Added to rotated checksums, since a checksum of data with checksums within is a poor one. */
  private static final int MASK_DELTA = 0xa282ead8;

  // Keys of the protocol buffers: a field's number times 8, and how it is stored.
  private static final int VARINT = 0;
  private static final int DOUBLE = 1;
  private static final int BYTES = 2;
  private static final int FLOAT = 5;
  private static final int EVENT_TIME = 1 << 3 | DOUBLE;
  private static final int EVENT_STEP = 2 << 3 | VARINT;
  private static final int EVENT_FILE_VERSION = 3 << 3 | BYTES;
  private static final int EVENT_SUMMARY = 5 << 3 | BYTES;
  private static final int EVENT_SESSION = 7 << 3 | BYTES;
  private static final int SESSION_STATUS = 1 << 3 | VARINT;
  private static final int SESSION_START = 1;
  private static final int SUMMARY_VALUE = 1 << 3 | BYTES;
  private static final int VALUE_TAG = 1 << 3 | BYTES;
  private static final int VALUE_NUMBER = 2 << 3 | FLOAT;

  private TensorBoardRecords() {}

  /**
   * What a file begins with.
   *
   * @param seconds since 1970
   * @param firstStep from here on, what older files say is of work that was lost
   */
  static byte[] start(double seconds, long firstStep) {
    Message version = new Message();
    version.number(EVENT_TIME, seconds).bytes(EVENT_FILE_VERSION, utf8(FILE_VERSION));
    byte[] session = new Message().varint(SESSION_STATUS, SESSION_START).toBytes();
    Message start = new Message();
    start.number(EVENT_TIME, seconds).varint(EVENT_STEP, firstStep).bytes(EVENT_SESSION, session);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(record(version.toBytes()));
    both.writeBytes(record(start.toBytes()));
    return both.toByteArray();
  }

  /**
   * The figures of a step, by tag.
   *
   * @param seconds since 1970
   */
  static byte[] figures(double seconds, long step, Map<String, Number> figures) {
    Message summary = new Message();
    figures.forEach(
        (tag, value) -> {
          Message figure = new Message().bytes(VALUE_TAG, utf8(tag));
          summary.bytes(SUMMARY_VALUE, figure.number(VALUE_NUMBER, value.floatValue()).toBytes());
        });
    Message event = new Message().number(EVENT_TIME, seconds).varint(EVENT_STEP, step);
    return record(event.bytes(EVENT_SUMMARY, summary.toBytes()).toBytes());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A TFRecord: the length, its checksum, the data, their checksum. */
  private static byte[] record(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.array(), Long.BYTES));
    record.put(data);
    record.putInt(maskedChecksum(data, data.length));
    return record.array();
  }

  private static int maskedChecksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  /** A protocol buffer, field by field. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message varint(int key, long value) {
      writeVarint(key);
      writeVarint(value);
      return this;
    }

    Message number(int key, double value) {
      writeVarint(key);
      bytes.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
      return this;
    }

    Message number(int key, float value) {
      writeVarint(key);
      bytes.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
      return this;
    }

    Message bytes(int key, byte[] value) {
      varint(key, value.length);
      bytes.writeBytes(value);
      return this;
    }

    /** Seven bits a byte, the lowest first; all but the last byte have the eighth. */
    private void writeVarint(long value) {
      long rest = value;
      while (rest >>> 7 != 0) {
        bytes.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }

    private static ByteBuffer littleEndian(int length) {
      return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
