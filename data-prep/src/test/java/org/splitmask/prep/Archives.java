/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;

/** Containers of pictures for tests. */
public final class Archives {
  private Archives() {}

  /** A tar with long names as PAX headers. */
  public static byte[] tar(Map<String, byte[]> entries) {
    return tar(entries, TarArchiveOutputStream.LONGFILE_POSIX);
  }

  public static byte[] tar(Map<String, byte[]> entries, int longNames) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
        tar.setLongFileMode(longNames);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          TarArchiveEntry header = new TarArchiveEntry(entry.getKey(), true);
          header.setSize(entry.getValue().length);
          tar.putArchiveEntry(header);
          tar.write(entry.getValue());
          tar.closeArchiveEntry();
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] gzip(byte[] content) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(content);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A zip with deflated entries. */
  public static byte[] zip(Map<String, byte[]> entries) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          zip.putNextEntry(new ZipEntry(entry.getKey()));
          zip.write(entry.getValue());
          zip.closeEntry();
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a test's Parquet file is cut into parts. */
  public record ParquetShape(
      CompressionCodecName codec, WriterVersion version, long rowGroupBytes, int pageBytes) {
    /** A row group or two, a few pages. */
    public static final ParquetShape SMALL =
        new ParquetShape(CompressionCodecName.ZSTD, WriterVersion.PARQUET_1_0, 1 << 20, 1 << 12);
  }

  public static void parquet(
      Path file, MessageType schema, List<? extends Group> rows, ParquetShape shape) {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withConf(new Configuration())
            .withCompressionCodec(shape.codec())
            .withWriterVersion(shape.version())
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withRowGroupSize(shape.rowGroupBytes())
            .withPageSize(shape.pageBytes())
            .withPageRowCountLimit(7)
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(5)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
