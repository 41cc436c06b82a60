/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

/** Blocks of a progressive JPEG, one kind of scan each (ITU-T T.81, annex G). */
abstract sealed class ProgressiveWalk implements JpegScan.BlockWalk {
  private static final int RUN_OF_SIXTEEN = 15;

  @Override
  public void restart() {}

  /** First bits of the mean. */
  static final class DcFirst extends ProgressiveWalk {
    private final HuffmanTable table;

    DcFirst(HuffmanTable table) {
      this.table = table;
    }

    @Override
    public boolean pass(EntropyBits bits, int block) {
      bits.fill();
      int entry = table.find(bits.next16());
      bits.skip(HuffmanTable.bits(entry));
      return entry != 0;
    }
  }

  /** One more bit of the mean. */
  static final class DcRefinement extends ProgressiveWalk {
    @Override
    public boolean pass(EntropyBits bits, int block) {
      bits.fill();
      bits.skip(1);
      return true;
    }
  }

  /** What the two kinds of scans of a band of coefficients share. */
  abstract static sealed class Ac extends ProgressiveWalk {
    final HuffmanTable table;
    final int first;
    final int last;

    /** For each block of the component, a bit for each coefficient that is not zero so far. */
    final long[] nonzero;

    /** Blocks, from this one on, that have no further coefficients. */
    int emptyBlocks;

    Ac(HuffmanTable table, int first, int last, long[] nonzero) {
      this.table = table;
      this.first = first;
      this.last = last;
      this.nonzero = nonzero;
    }

    @Override
    public final void restart() {
      emptyBlocks = 0;
    }

    final void readEmptyBlocks(EntropyBits bits, int length) {
      bits.fill();
      emptyBlocks = (1 << length) + bits.read(length);
    }
  }

  /** First bits of a band. */
  static final class AcFirst extends Ac {
    AcFirst(HuffmanTable table, int first, int last, long[] nonzero) {
      super(table, first, last, nonzero);
    }

    @Override
    public boolean pass(EntropyBits bits, int block) {
      if (emptyBlocks > 0) {
        emptyBlocks--;
        return true;
      }
      int position = first;
      while (position <= last) {
        bits.fill();
        int entry = table.find(bits.next16());
        int run = HuffmanTable.symbol(entry) >> 4;
        if (entry == 0) {
          return false;
        }
        if (HuffmanTable.advance(entry) == HuffmanTable.END_OF_BLOCK) {
          bits.skip(HuffmanTable.codeBits(entry));
          readEmptyBlocks(bits, run);
          emptyBlocks--;
          return true;
        }
        bits.skip(HuffmanTable.bits(entry));
        position += run;
        if ((HuffmanTable.symbol(entry) & 15) != 0 && position <= last) {
          nonzero[block] |= 1L << position;
        }
        position++;
      }
      return position == last + 1;
    }
  }

  /** One more bit of a band: of each coefficient that is there, and new ones between them. */
  static final class AcRefinement extends Ac {
    AcRefinement(HuffmanTable table, int first, int last, long[] nonzero) {
      super(table, first, last, nonzero);
    }

    @Override
    public boolean pass(EntropyBits bits, int block) {
      int position = first;
      while (emptyBlocks == 0 && position <= last) {
        bits.fill();
        int entry = table.find(bits.next16());
        int size = HuffmanTable.symbol(entry) & 15;
        int run = HuffmanTable.symbol(entry) >> 4;
        if (entry == 0 || size > 1) {
          return false;
        }
        bits.skip(HuffmanTable.codeBits(entry));
        if (size == 0 && run < RUN_OF_SIXTEEN) {
          readEmptyBlocks(bits, run);
          break;
        }
        bits.skip(size); // the sign
        position = passZeros(bits, block, position, run);
        if (size == 1) {
          if (position > last) {
            return false;
          }
          nonzero[block] |= 1L << position;
        }
        position++;
      }
      if (emptyBlocks > 0) {
        skipCorrections(bits, block, position, last);
        emptyBlocks--;
      }
      return true;
    }

    /** Passes {@code run} zero coefficients; stops on the zero one behind them. */
    private int passZeros(EntropyBits bits, int block, int from, int run) {
      int left = run;
      int corrections = 0;
      int position = from;
      while (position <= last) {
        if ((nonzero[block] >>> position & 1) != 0) {
          corrections++;
        } else if (--left < 0) {
          break;
        }
        position++;
      }
      bits.skipMany(corrections);
      return position;
    }

    private void skipCorrections(EntropyBits bits, int block, int from, int to) {
      if (from <= to) {
        long band = -1L << from & -1L >>> (63 - to);
        bits.skipMany(Long.bitCount(nonzero[block] & band));
      }
    }
  }
}
