/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.source.Listings.assertBroken;
import static org.splitmask.prep.source.Listings.bytes;
import static org.splitmask.prep.source.Listings.items;
import static org.splitmask.prep.source.Listings.read;
import static org.splitmask.prep.source.Listings.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.Archives;
import org.splitmask.prep.Archives.ParquetShape;
import org.splitmask.prep.source.Listings;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.ContainerInput;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.ParquetColumns;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;

class ParquetListingTest {
  private static final int ROWS = 300;
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message rows {
            optional group image { optional binary bytes; optional binary path (STRING); }
            optional int64 label;
            required binary split (STRING);
            repeated int32 tags;
          }
          """);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "UNCOMPRESSED,PARQUET_1_0,1000000",
    "SNAPPY,PARQUET_1_0,30000",
    "ZSTD,PARQUET_2_0,30000",
    "GZIP,PARQUET_2_0,1000000"
  })
  void nestedBytesAreReadInOrderAndInAnyOther(
      CompressionCodecName codec, WriterVersion version, long rowGroupBytes) throws IOException {
    Path file = folder.resolve("a.parquet");
    List<byte[]> pictures = write(file, codec, version, rowGroupBytes);

    List<SourceItem> items = items(file, columns("image.bytes"), new AtomicInteger());

    assertThat(items).hasSize(ROWS).extracting(SourceItem::position).isSorted();
    assertThat(items).extracting(SourceItem::access).containsOnly(Access.SEQUENTIAL);
    assertThat(items).extracting(SourceItem::size).containsOnly(SourceItem.UNKNOWN_SIZE);
    Random random = new Random(1);
    try (SourceReader reader = new SourceReader(Listings.HADOOP)) {
      for (int i = 0; i < ROWS; i++) {
        assertThat(reader.read(items.get(i), 1 << 20)).as("row %d", i).isEqualTo(pictures.get(i));
      }
      for (int i = 0; i < 100; i++) {
        int row = random.nextInt(ROWS);
        assertThat(reader.read(items.get(row), 1 << 20)).isEqualTo(pictures.get(row));
      }
      assertThat(reader.read(items.get(5), 10)).as("limit + 1").hasSize(11);
    }
  }

  @Test
  void columnsNameAndLabelTheRows() throws IOException {
    Path file = folder.resolve("in/a.parquet");
    write(file, CompressionCodecName.ZSTD, WriterVersion.PARQUET_1_0, 30_000);
    ParquetColumns columns =
        new ParquetColumns(
            new ColumnName("image.bytes"),
            new ColumnName("image.path"),
            new ColumnName("label"),
            new ColumnName("split"),
            null);

    List<SourceItem> items = items(file, columns, new AtomicInteger());

    assertThat(items.get(1).path()).isEqualTo("file:" + file + "!/hats/1.jpg");
    assertThat(items.get(1).hints()).isEqualTo(new Hints("1", "test", null));
    assertThat(items.get(7).relativePath()).as("no name").isEqualTo("row-00000007");
    assertThat(items.get(10).hints()).as("no label").isEqualTo(new Hints(null, "test", null));
    assertThat(items.get(10).folderName()).isEqualTo("hats");
    List<SourceItem> below =
        Listings.below(
            List.of(file.getParent().toString()), columns("image.bytes"), new AtomicInteger());
    assertThat(below.get(299).relativePath()).isEqualTo("a.parquet!/row-00000299");
    assertThat(below.get(299).hints()).isNull();
  }

  @Test
  void aMissingValueIsAnEmptyItem() {
    Path file = folder.resolve("null.parquet");
    Group row = new SimpleGroup(SCHEMA);
    row.add("split", "train");
    Group half = new SimpleGroup(SCHEMA);
    half.addGroup("image").add("path", "x");
    half.add("split", "train");
    Archives.parquet(file, SCHEMA, List.of(row, half), ParquetShape.SMALL);

    List<SourceItem> items = items(file, columns("image.bytes"), new AtomicInteger());

    assertThat(items).hasSize(2).allSatisfy(item -> assertThat(read(item)).isEmpty());
  }

  @Test
  void wrongColumnsAreNamedWithThoseThatAreThere() throws IOException {
    Path file = folder.resolve("a.parquet");
    write(file, CompressionCodecName.ZSTD, WriterVersion.PARQUET_1_0, 30_000);

    refused(file, columns("bytes"), "has no column bytes", "[image.bytes, image.path, label");
    refused(file, columns("label"), "it must be binary");
    refused(file, columns("tags"), "lists of values");
    ParquetColumns label =
        new ParquetColumns(
            new ColumnName("image.bytes"), null, new ColumnName("image"), null, null);
    refused(file, label, "has no column image;");
  }

  @Test
  void whatIsNoParquetIsOneItem() throws IOException {
    for (byte[] content : List.of(bytes("hello"), bytes("PAR1".repeat(100)), new byte[5000])) {
      List<SourceItem> items = items(Listings.write(folder.resolve("no.parquet"), content));

      assertThat(items).extracting(SourceItem::relativePath).containsExactly("no.parquet");
      assertBroken(items.get(0), Kind.UNREADABLE, "no Parquet file");
    }
  }

  @Test
  void damagedPagesBreakTheirRowsAndNoOthers() throws IOException {
    Path file = folder.resolve("a.parquet");
    List<byte[]> pictures =
        write(file, CompressionCodecName.ZSTD, WriterVersion.PARQUET_1_0, 1_000_000);
    byte[] content = Files.readAllBytes(file);
    // Below the middle are pictures: their column is first, and nothing else is long.
    Arrays.fill(content, content.length / 3, content.length / 3 + 100, (byte) 0x55);
    Listings.write(file, content);

    List<SourceItem> items = items(file, columns("image.bytes"), new AtomicInteger());

    int good = 0;
    int broken = 0;
    try (SourceReader reader = new SourceReader(Listings.HADOOP)) {
      for (int i = 0; i < ROWS; i++) {
        try {
          good += Arrays.equals(reader.read(items.get(i), 1 << 20), pictures.get(i)) ? 1 : 0;
        } catch (BrokenItemException e) {
          broken++;
        }
      }
    }
    assertThat(broken).isPositive();
    assertThat(good).isGreaterThanOrEqualTo(80);
  }

  @Test
  void aPageThatDoesNotFitIsRefusedBeforeItIsRead() throws IOException {
    Path file = folder.resolve("a.parquet");
    write(file, CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_1_0, 1_000_000);
    ParquetFooter footer = ParquetFooter.read(file.toString(), Listings.HADOOP);
    var column = footer.column(new ColumnName("image.bytes"));
    try (ContainerInput input = ContainerInput.open(file.toString(), Listings.HADOOP);
        ParquetPages pages = new ParquetPages(input, footer.chunks(column).get(0), 500)) {
      assertThatThrownBy(
              () -> {
                pages.seek(100);
                pages.page();
              })
          .hasMessageContainingAll("a page of the column [image, bytes] takes", "500 is the most")
          .extracting(e -> ((SplitMaskException) e).blame())
          .isEqualTo(Blame.DATA);
    }
  }

  private static void refused(Path file, ParquetColumns columns, String... parts) {
    assertThatThrownBy(() -> items(file, columns, new AtomicInteger()))
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  private static ParquetColumns columns(String bytes) {
    return new ParquetColumns(new ColumnName(bytes), null, null, null, null);
  }

  private static List<byte[]> write(
      Path file, CompressionCodecName codec, WriterVersion version, long rowGroupBytes)
      throws IOException {
    Files.createDirectories(file.getParent());
    List<byte[]> pictures = new ArrayList<>();
    List<Group> rows = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < ROWS; i++) {
      // Some repeat, so that there is a dictionary; it overflows, and plain pages follow.
      byte[] picture = new byte[i % 10 == 3 ? 20 : 200 + random.nextInt(800)];
      new Random(i % 10 == 3 ? 0 : i).nextBytes(picture);
      pictures.add(picture);
      Group row = new SimpleGroup(SCHEMA);
      Group image = row.addGroup("image").append("bytes", Binary.fromConstantByteArray(picture));
      if (i != 7) {
        image.append("path", "hats/" + i + ".jpg");
      }
      if (i != 10) {
        row.add("label", (long) i);
      }
      row.add("split", "test");
      row.add("tags", 1);
      row.add("tags", 2);
      rows.add(row);
    }
    Archives.parquet(file, SCHEMA, rows, new ParquetShape(codec, version, rowGroupBytes, 1 << 12));
    return pictures;
  }
}
