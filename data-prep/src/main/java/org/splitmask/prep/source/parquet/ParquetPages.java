/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ContainerInput;
import org.splitmask.prep.source.item.MeteredInput;
import org.splitmask.prep.source.parquet.ParquetFooter.Chunk;

/**
 * Walks over the pages of one column chunk: headers first, contents only where a row is wanted. The
 * column has one value a row, so that a page's values are its rows.
 */
final class ParquetPages implements Closeable {
  /** A page with more is refused before anything is allocated for it. */
  private static final int LARGEST_PAGE_BYTES = 1 << 30;

  /** Headers carry statistics, which writers keep short. */
  private static final int LONGEST_HEADER_BYTES = 1 << 20;

  private static final ParquetMetadataConverter CONVERTER = new ParquetMetadataConverter();

  private final ContainerInput input;
  private final Chunk chunk;
  private final long mostBytes;
  private final CodecFactory codecs = new CodecFactory(new Configuration(false), 0);
  private @Nullable DictionaryPage dictionary;
  private @Nullable PageHeader header;
  private @Nullable DataPage page;
  private @Nullable BrokenItemException failure;
  private long content;
  private long firstRow;
  private long nextRow;
  private long nextHeader;

  /**
   * Stands before the first page.
   *
   * @param mostBytes what a page may take, compressed and decompressed together
   */
  ParquetPages(ContainerInput input, Chunk chunk, long mostBytes) {
    this.input = input;
    this.chunk = chunk;
    this.mostBytes = mostBytes;
    restart();
  }

  Chunk chunk() {
    return chunk;
  }

  /** The first row of the current page. */
  long firstRow() {
    return firstRow;
  }

  void restart() {
    header = null;
    page = null;
    failure = null;
    firstRow = chunk.firstRow();
    nextRow = chunk.firstRow();
    nextHeader = chunk.metadata().getStartingPos();
  }

  /**
   * Goes on to the page that holds a row, which is not before the current one.
   *
   * @return whether the page is another than before
   */
  boolean seek(long row) throws IOException {
    boolean moved = false;
    while (header == null || row >= nextRow) {
      advance();
      moved = true;
    }
    return moved;
  }

  /**
   * The current page, as Parquet's column reader asks for it. A page that cannot be decoded is
   * tried once, not for each of its rows.
   */
  PageReader page() throws IOException {
    if (failure != null) {
      throw failure;
    }
    PageHeader current = header;
    if (page == null && current != null) {
      try {
        page = decode(current);
      } catch (UncheckedIOException | SplitMaskException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        failure =
            e instanceof BrokenItemException broken
                ? broken
                : new BrokenItemException(
                    Kind.UNREADABLE, "its page cannot be decoded: " + e.getMessage());
        throw failure;
      }
    }
    return new OnePage(dictionary, page, nextRow - firstRow);
  }

  /** Reads headers up to the next data page; a dictionary on the way is kept. */
  private void advance() throws IOException {
    page = null;
    failure = null;
    while (true) {
      PageHeader next = readHeader();
      if (next.getType() == PageType.DICTIONARY_PAGE) {
        dictionary =
            new DictionaryPage(
                decompressed(BytesInput.from(body(next)), next.getUncompressed_page_size()),
                next.getDictionary_page_header().getNum_values(),
                CONVERTER.getEncoding(next.getDictionary_page_header().getEncoding()));
      } else if (next.getType() != PageType.INDEX_PAGE) {
        header = next;
        firstRow = nextRow;
        nextRow += rows(next);
        return;
      }
    }
  }

  private PageHeader readHeader() throws IOException {
    ColumnChunkMetaData metadata = chunk.metadata();
    long end = metadata.getStartingPos() + metadata.getTotalSize();
    if (nextHeader >= end) {
      throw new BrokenItemException(
          Kind.UNREADABLE, "its row group ends before its row; the footer is wrong");
    }
    input.seek(nextHeader);
    MeteredInput metered = new MeteredInput(input);
    metered.allow(LONGEST_HEADER_BYTES);
    PageHeader read = Util.readPageHeader(metered);
    content = nextHeader + metered.position();
    int size = read.getCompressed_page_size();
    if (size < 0 || size > end - content || tooLarge(read.getUncompressed_page_size())) {
      throw new BrokenItemException(
          Kind.UNREADABLE,
          String.format(
              Locale.ROOT,
              "its page claims %d bytes (%d uncompressed) at byte %d",
              size,
              read.getUncompressed_page_size(),
              content));
    }
    nextHeader = content + size;
    return read;
  }

  private boolean tooLarge(int uncompressed) {
    return uncompressed < 0
        || uncompressed > LARGEST_PAGE_BYTES
        || uncompressed > chunk.metadata().getTotalUncompressedSize();
  }

  private static long rows(PageHeader header) throws BrokenItemException {
    long rows =
        header.isSetData_page_header_v2()
            ? header.getData_page_header_v2().getNum_values()
            : header.isSetData_page_header() ? header.getData_page_header().getNum_values() : -1;
    if (rows < 0) {
      throw new BrokenItemException(Kind.UNREADABLE, "its page is of an unknown kind");
    }
    return rows;
  }

  private DataPage decode(PageHeader of) throws IOException {
    return of.isSetData_page_header_v2()
        ? decode(of, of.getData_page_header_v2())
        : decode(of, of.getData_page_header());
  }

  private DataPage decode(PageHeader of, DataPageHeader first) throws IOException {
    return new DataPageV1(
        decompressed(BytesInput.from(body(of)), of.getUncompressed_page_size()),
        first.getNum_values(),
        of.getUncompressed_page_size(),
        null,
        CONVERTER.getEncoding(first.getRepetition_level_encoding()),
        CONVERTER.getEncoding(first.getDefinition_level_encoding()),
        CONVERTER.getEncoding(first.getEncoding()));
  }

  /** Levels stand uncompressed before the values. */
  private DataPage decode(PageHeader of, DataPageHeaderV2 second) throws IOException {
    int repetition = second.getRepetition_levels_byte_length();
    int definition = second.getDefinition_levels_byte_length();
    byte[] body = body(of);
    int levels = Math.addExact(repetition, definition);
    if (repetition < 0 || definition < 0 || levels > body.length) {
      throw new BrokenItemException(Kind.UNREADABLE, "its page's levels are longer than the page");
    }
    BytesInput data = BytesInput.from(body, levels, body.length - levels);
    return DataPageV2.uncompressed(
        second.getNum_rows(),
        second.getNum_nulls(),
        second.getNum_values(),
        BytesInput.from(body, 0, repetition),
        BytesInput.from(body, repetition, definition),
        CONVERTER.getEncoding(second.getEncoding()),
        second.isIs_compressed()
            ? decompressed(data, of.getUncompressed_page_size() - levels)
            : data,
        null);
  }

  /** A page as it is stored, checked if its writer gave a checksum. */
  private byte[] body(PageHeader of) throws BrokenItemException {
    long needed = (long) of.getCompressed_page_size() + of.getUncompressed_page_size();
    Check.data(
        needed <= mostBytes,
        "a page of the column %s takes %d bytes, %d is the most in this heap; raise the heap, or"
            + " write the file with fewer rows in a row group (pyarrow: row_group_size=100)",
        chunk.metadata().getPath(),
        needed,
        mostBytes);
    byte[] body = input.range(content, of.getCompressed_page_size());
    if (of.isSetCrc()) {
      CRC32 sum = new CRC32();
      sum.update(body);
      if ((int) sum.getValue() != of.getCrc()) {
        throw new BrokenItemException(
            Kind.UNREADABLE, "its page at byte " + content + " fails its checksum");
      }
    }
    return body;
  }

  private BytesInput decompressed(BytesInput bytes, int size) throws IOException {
    BytesInput stream = decompressor().decompress(bytes, size);
    return BytesInput.from(stream.toByteArray());
  }

  private BytesInputDecompressor decompressor() throws BrokenItemException {
    CompressionCodecName codec = chunk.metadata().getCodec();
    try {
      return codecs.getDecompressor(codec);
    } catch (RuntimeException | LinkageError e) {
      // Brotli and LZO need libraries that Spark does not bring.
      throw new BrokenItemException(
          Kind.UNREADABLE,
          "it is compressed by "
              + codec.name().toLowerCase(Locale.ROOT)
              + ", which is not read here; write it with zstd, snappy or gzip");
    }
  }

  @Override
  public void close() {
    codecs.release();
  }

  private record OnePage(@Nullable DictionaryPage dictionary, @Nullable DataPage page, long values)
      implements PageReader {
    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      return dictionary;
    }

    @Override
    public long getTotalValueCount() {
      return values;
    }

    @Override
    public @Nullable DataPage readPage() {
      return page;
    }
  }
}
