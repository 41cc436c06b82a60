/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;

/** Writes TIFF files of every layout that TIFF 6.0 has for bands, and BigTIFF. */
final class TiffFile {
  static final int PHOTOMETRIC = 262;
  static final int EXTRA_SAMPLES = 338;

  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int LONG8 = 16;

  private final int side;
  private final int samples;
  private final Sampler sampler;
  private final Map<Integer, long[]> tags = new TreeMap<>();
  private final StringJoiner name = new StringJoiner(" ");
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private int bits = 8;
  private int tile;
  private int rows;
  private boolean apart;
  private boolean big;
  private boolean deflated;

  /** A sample of a pixel as it is stored, 0 to 255. */
  interface Sampler {
    int at(int x, int y, int sample);
  }

  TiffFile(int side, int samples, Sampler sampler) {
    this.side = side;
    this.samples = samples;
    this.sampler = sampler;
    this.rows = side;
    name.add(samples + " samples");
  }

  TiffFile tag(int tag, long... values) {
    tags.put(tag, values);
    return named("tag " + tag + "=" + Arrays.toString(values));
  }

  TiffFile ofSixteenBits() {
    bits = 16;
    return named("16 bits");
  }

  TiffFile bigEndian() {
    order = ByteOrder.BIG_ENDIAN;
    return named("big endian");
  }

  TiffFile inPlanes() {
    apart = true;
    return named("planes");
  }

  TiffFile inTilesOf(int side) {
    tile = side;
    return named("tiles");
  }

  TiffFile inStripsOf(int rows) {
    this.rows = rows;
    return named("strips");
  }

  TiffFile bigTiff() {
    big = true;
    return named("BigTIFF");
  }

  TiffFile deflated() {
    deflated = true;
    return named("deflated");
  }

  private TiffFile named(String part) {
    name.add(part);
    return this;
  }

  @Override
  public String toString() {
    return name.toString();
  }

  byte[] bytes() {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    List<Long> offsets = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    for (byte[] piece : pieces()) {
      offsets.add((long) (16 + data.size()));
      lengths.add((long) piece.length);
      data.writeBytes(piece);
    }
    Map<Integer, long[]> all = new TreeMap<>(tags);
    all.put(256, new long[] {side});
    all.put(257, new long[] {side});
    long[] eachBits = new long[samples];
    Arrays.fill(eachBits, bits);
    all.putIfAbsent(258, eachBits);
    all.putIfAbsent(259, new long[] {deflated ? 8 : 1});
    all.put(277, new long[] {samples});
    all.put(284, new long[] {apart ? 2 : 1});
    if (tile > 0) {
      all.put(322, new long[] {tile});
      all.put(323, new long[] {tile});
    } else {
      all.put(278, new long[] {rows});
    }
    all.put(tile > 0 ? 324 : 273, offsets.stream().mapToLong(v -> v).toArray());
    all.put(tile > 0 ? 325 : 279, lengths.stream().mapToLong(v -> v).toArray());
    all.values().removeIf(values -> values.length == 0);
    return file(data.toByteArray(), all);
  }

  private byte[] file(byte[] data, Map<Integer, long[]> all) {
    ByteBuffer out = ByteBuffer.allocate(data.length + (1 << 16)).order(order);
    out.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M')).put(out.get(0));
    int directory = (16 + data.length + 7) & ~7;
    out.putShort((short) (big ? 43 : 42));
    if (big) {
      out.putShort((short) 8).putShort((short) 0).putLong(directory);
    } else {
      out.putInt(directory);
    }
    out.position(16).put(data).position(directory);
    int values = directory + 8 + 20 * all.size() + 8;
    number(out, big ? 8 : 2, all.size());
    for (Map.Entry<Integer, long[]> each : all.entrySet()) {
      boolean isPlace = List.of(273, 279, 324, 325).contains(each.getKey());
      int type = isPlace ? (big ? LONG8 : LONG) : SHORT;
      int size = type == SHORT ? 2 : type == LONG ? 4 : 8;
      out.putShort(each.getKey().shortValue()).putShort((short) type);
      number(out, big ? 8 : 4, each.getValue().length);
      int field = out.position();
      boolean inline = size * each.getValue().length <= (big ? 8 : 4);
      if (!inline) {
        number(out, big ? 8 : 4, values);
        out.position(values);
      }
      for (long value : each.getValue()) {
        number(out, size, value);
      }
      values = inline ? values : out.position();
      out.position(field + (big ? 8 : 4));
    }
    return Arrays.copyOf(out.array(), values);
  }

  private static void number(ByteBuffer out, int size, long value) {
    switch (size) {
      case 2 -> out.putShort((short) value);
      case 4 -> out.putInt((int) value);
      default -> out.putLong(value);
    }
  }

  private List<byte[]> pieces() {
    List<byte[]> pieces = new ArrayList<>();
    int across = tile > 0 ? tile : side;
    int down = tile > 0 ? tile : rows;
    for (int plane = 0; plane < (apart ? samples : 1); plane++) {
      for (int y = 0; y < side; y += down) {
        for (int x = 0; x < side; x += across) {
          int height = tile > 0 ? down : Math.min(down, side - y);
          pieces.add(piece(x, y, across, height, plane));
        }
      }
    }
    return pieces;
  }

  private byte[] piece(int left, int top, int width, int height, int plane) {
    int first = apart ? plane : 0;
    int last = apart ? plane + 1 : samples;
    ByteBuffer out = ByteBuffer.allocate(width * height * (last - first) * bits / 8).order(order);
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        for (int sample = first; sample < last; sample++) {
          int value = x < side && y < side ? sampler.at(x, y, sample) : 99;
          number(out, value);
        }
      }
    }
    return deflated ? deflate(out.array()) : out.array();
  }

  private void number(ByteBuffer out, int value) {
    if (bits == 16) {
      out.putShort((short) (value * 257));
    } else {
      out.put((byte) value);
    }
  }

  private static byte[] deflate(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
