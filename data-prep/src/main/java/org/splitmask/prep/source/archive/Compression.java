/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * How a tar is compressed, by its first bytes and whatever its name says. Files of several parts,
 * as {@code cat a.tar.gz b.tar.gz} makes them, are read to their end.
 */
enum Compression {
  NONE("") {
    @Override
    InputStream decompressed(InputStream file) {
      return file;
    }
  },
  GZIP("\u001F\u008B\b.*") {
    @Override
    InputStream decompressed(InputStream file) throws IOException {
      return new GzipParts(file);
    }
  },
  BZIP2("BZh[1-9](1AY&SY|\u0017rE8P\u0090).*") {
    @Override
    InputStream decompressed(InputStream file) throws IOException {
      return new BZip2CompressorInputStream(file, true);
    }
  },
  XZ("\u00FD7zXZ\0.*") {
    @Override
    InputStream decompressed(InputStream file) throws IOException {
      return new XZCompressorInputStream(file, true, MOST_XZ_KILOBYTES);
    }
  },
  ZSTD("(\\(\u00B5/\u00FD|[P-_]\\*M\u0018).*") {
    @Override
    InputStream decompressed(InputStream file) throws IOException {
      return new ZstdCompressorInputStream(file);
    }
  };

  /** Of any kind's first bytes. */
  static final int LONGEST_MAGIC = 10;

  /** What xz -9 asks for is 65 MB; a header may claim gigabytes. */
  private static final int MOST_XZ_KILOBYTES = 256 << 10;

  /** What its first bytes match, a character each. */
  private final Pattern magic;

  Compression(String magic) {
    this.magic = Pattern.compile(magic, Pattern.DOTALL);
  }

  static Compression of(byte[] head) {
    String start = new String(head, StandardCharsets.ISO_8859_1);
    for (Compression compression : values()) {
      if (compression != NONE && compression.magic.matcher(start).matches()) {
        return compression;
      }
    }
    return NONE;
  }

  /** What a file holds; its bytes are read through a buffer of its own. */
  abstract InputStream decompressed(InputStream file) throws IOException;
}
