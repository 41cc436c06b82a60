/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.splitmask.prep.image.file.RefusedImageException;

/**
 * A Huffman table of a JPEG file (ITU-T T.81, annexes C and F.2.2.3), made for skipping: one
 * look-up tells how many bits a symbol takes together with the magnitude bits behind it, or how
 * many several short symbols do.
 */
final class HuffmanTable {
  /** Codes up to this length are found by one look-up; longer ones are rare. */
  static final int LOOKUP_BITS = 10;

  /** Added to the position in a block by its end code: past any real position. */
  static final int END_OF_BLOCK = 128;

  /** How many bits the look-up of several symbols is given. */
  static final int SEVERAL_BITS = 12;

  static final int LONGEST_CODE = 16;
  private static final int MOST_ADVANCE = 63;
  private static final int RUN_OF_SIXTEEN = 0xF0;

  /**
   * Most files have the tables that the standard suggests, and making one takes longer than that.
   */
  private static final AtomicReferenceArray<HuffmanTable> RECENT = new AtomicReferenceArray<>(64);

  /** 0 where the code is longer, otherwise what {@link #entry} packs. */
  private final int[] lookup = new int[1 << LOOKUP_BITS];

  /**
   * Several symbols at once, packed alike but without codes; 0 where {@link #find} is to be asked.
   */
  private final char[] several = new char[1 << SEVERAL_BITS];

  /** The first code that is longer than this length, left-aligned in 16 bits. */
  private final int[] endOfLength = new int[LONGEST_CODE + 1];

  /** Index of a length's first symbol, less its first code. */
  private final int[] symbolOffset = new int[LONGEST_CODE + 1];

  /** The sixteen counts, one for each code length, then the symbols. */
  private final byte[] definition;

  private HuffmanTable(byte[] definition) throws RefusedImageException {
    this.definition = definition;
    int code = 0;
    int symbol = 0;
    for (int length = 1; length <= LONGEST_CODE; length++) {
      int count = Byte.toUnsignedInt(definition[length - 1]);
      symbolOffset[length] = symbol - code;
      for (int i = 0; i < count; i++) {
        enter(code + i, length, symbolAt(symbol++));
      }
      code += count;
      if (code > 1 << length) {
        throw new RefusedImageException(
            DAMAGED, "JPEG Huffman table with more codes of %d bits than there are", length);
      }
      endOfLength[length] = code << (LONGEST_CODE - length);
      code <<= 1;
    }
    for (int next = 0; next < several.length; next++) {
      several[next] = (char) severalFrom(next);
    }
  }

  /**
   * Reads a table.
   *
   * @param from where the sixteen counts begin; the symbols follow
   */
  static HuffmanTable read(byte[] file, int from, int symbolCount) throws RefusedImageException {
    byte[] definition = Arrays.copyOfRange(file, from, from + LONGEST_CODE + symbolCount);
    int place = Math.floorMod(Arrays.hashCode(definition), RECENT.length());
    HuffmanTable recent = RECENT.get(place);
    if (recent != null && Arrays.equals(recent.definition, definition)) {
      return recent;
    }
    HuffmanTable table = new HuffmanTable(definition);
    RECENT.set(place, table);
    return table;
  }

  /** The number of symbols that the sixteen counts promise. */
  static int symbolCount(byte[] file, int counts) {
    int sum = 0;
    for (int i = 0; i < LONGEST_CODE; i++) {
      sum += Byte.toUnsignedInt(file[counts + i]);
    }
    return sum;
  }

  /**
   * The entry of the code that begins these bits; 0 where no code does.
   *
   * @param next the next 16 bits
   */
  int find(int next) {
    int entry = lookup[next >>> (LONGEST_CODE - LOOKUP_BITS)];
    return entry != 0 ? entry : findLong(next);
  }

  /**
   * Bits and advance of as many whole symbols as lie in these bits, up to the end of a block; 0
   * where not even one code does.
   *
   * @param next the next {@value #SEVERAL_BITS} bits
   */
  int findSeveral(int next) {
    return several[next];
  }

  private int severalFrom(int next) {
    int bits = 0;
    int advance = 0;
    while (bits < SEVERAL_BITS && advance < END_OF_BLOCK) {
      int rest = next << bits & (1 << SEVERAL_BITS) - 1;
      int entry = lookup[rest >>> (SEVERAL_BITS - LOOKUP_BITS)];
      boolean isFirst = bits == 0;
      boolean whole = bits + (isFirst ? codeBits(entry) : bits(entry)) <= SEVERAL_BITS;
      boolean fits = (advance + advance(entry)) % END_OF_BLOCK <= MOST_ADVANCE;
      if (entry == 0 || !whole || !fits) {
        break;
      }
      bits += bits(entry);
      advance += advance(entry);
    }
    return advance << 8 | bits;
  }

  private int symbolAt(int index) {
    return Byte.toUnsignedInt(definition[LONGEST_CODE + index]);
  }

  private int findLong(int next) {
    for (int length = LOOKUP_BITS + 1; length <= LONGEST_CODE; length++) {
      if (next < endOfLength[length]) {
        int symbol = symbolOffset[length] + (next >>> (LONGEST_CODE - length));
        return entry(length, symbolAt(symbol));
      }
    }
    return 0;
  }

  /** Bits of code and magnitude together. */
  static int bits(int entry) {
    return entry & 0xFF;
  }

  /** How far the position in a block moves; {@link #END_OF_BLOCK} ends it. */
  static int advance(int entry) {
    return entry >>> 8 & 0xFF;
  }

  /** Bits of the code alone. */
  static int codeBits(int entry) {
    return entry >>> 24;
  }

  static int symbol(int entry) {
    return entry >>> 16 & 0xFF;
  }

  private void enter(int code, int length, int symbol) {
    if (length > LOOKUP_BITS || code >= 1 << length) {
      return; // the second is refused by the caller
    }
    int free = LOOKUP_BITS - length;
    int entry = entry(length, symbol);
    for (int rest = 0; rest < 1 << free; rest++) {
      lookup[code << free | rest] = entry;
    }
  }

  private static int entry(int length, int symbol) {
    int magnitude = symbol & 15;
    int advance = magnitude == 0 && symbol != RUN_OF_SIXTEEN ? END_OF_BLOCK : (symbol >>> 4) + 1;
    return length << 24 | symbol << 16 | advance << 8 | length + magnitude;
  }
}
