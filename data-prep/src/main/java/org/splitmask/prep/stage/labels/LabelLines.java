/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.text.Utf8;

/**
 * The lines of a label file, which must be UTF-8: read with replacement characters, classes of
 * another encoding would become one. Lines end as on any system.
 */
final class LabelLines {
  private static final int PEEK_BYTES = 4096;
  private static final int LONGEST_BYTES = 1 << 20;

  private final String name;
  private final BufferedInputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int number;
  private long position;

  LabelLines(String name, InputStream in) throws IOException {
    this(name, in, 0);
  }

  /**
   * Lines behind others.
   *
   * @param before how many lines precede them
   */
  LabelLines(String name, InputStream in, int before) throws IOException {
    this.name = name;
    this.number = before;
    this.in = new BufferedInputStream(in, 1 << 16);
    this.in.mark(PEEK_BYTES);
    byte[] start = this.in.readNBytes(PEEK_BYTES);
    this.in.reset();
    checkWide(start);
  }

  /** The number of the line that was read last; the first is 1. */
  int number() {
    return number;
  }

  /** The next line without its end; none behind the last. */
  @Nullable String next() throws IOException {
    long start = position;
    line.reset();
    int c = read();
    if (c < 0) {
      return null;
    }
    Check.data(
        number < Integer.MAX_VALUE,
        "the label file %s has more than %d lines; prepare the inputs one after the other, each with"
            + " a label file of its own",
        name,
        Integer.MAX_VALUE);
    number++;
    for (; c >= 0 && c != '\n' && c != '\r'; c = read()) {
      line.write(c);
      Check.data(
          line.size() <= LONGEST_BYTES,
          "line %d of %s, from byte %d on, is longer than %d bytes; a line has a path, a label and a"
              + " split: is it a label file?",
          number,
          name,
          start,
          LONGEST_BYTES);
    }
    if (c == '\r') {
      skipLineFeed();
    }
    byte[] bytes = line.toByteArray();
    int fault = Utf8.fault(bytes);
    if (fault >= 0) {
      throw Check.failure(
          Blame.DATA,
          "line %d of the label file %s is no UTF-8: 0x%02X at byte %d of the file; save it as"
              + " UTF-8, of Latin-1 by iconv -f LATIN1 -t UTF-8 OLD > NEW",
          number,
          name,
          bytes[fault] & 0xFF,
          start + fault);
    }
    // A byte order mark is one at the beginning of the file, and of files that were joined to one.
    return Utf8.text(bytes);
  }

  private int read() throws IOException {
    int c = in.read();
    position += c < 0 ? 0 : 1;
    return c;
  }

  private void skipLineFeed() throws IOException {
    in.mark(1);
    if (in.read() == '\n') {
      position++;
    } else {
      in.reset();
    }
  }

  /** Names UTF-16, which spreadsheets call Unicode text: of what it is no UTF-8 says little. */
  private void checkWide(byte[] start) {
    int first = start.length < 2 ? 0 : (start[0] & 0xFF) << 8 | (start[1] & 0xFF);
    if (first == 0xFFFE) {
      boolean four = start.length >= 4 && start[2] == 0 && start[3] == 0;
      throw wide(four ? "UTF-32LE" : "UTF-16LE", "its byte order mark");
    } else if (first == 0xFEFF) {
      throw wide("UTF-16BE", "its byte order mark");
    }
    int[] zeros = new int[2];
    for (int i = 0; i < start.length; i++) {
      zeros[i % 2] += start[i] == 0 ? 1 : 0;
    }
    int most = Math.max(zeros[0], zeros[1]);
    int least = Math.min(zeros[0], zeros[1]);
    // Tabs, dots, digits and line ends of any language have a zero beside them.
    if (most >= 2 && most * 6 >= start.length && least * 8 <= most) {
      throw wide(zeros[0] > zeros[1] ? "UTF-16BE" : "UTF-16LE", "a zero at every other byte");
    }
  }

  private SplitMaskException wide(String encoding, String sign) {
    return Check.failure(
        Blame.DATA,
        "the label file %s is %s from line 1, byte 0 on, by %s; UTF-8 is read: save it as UTF-8, or"
            + " iconv -f %s -t UTF-8 OLD > NEW",
        name,
        encoding,
        sign,
        encoding);
  }
}
