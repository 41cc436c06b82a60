/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.stage.resolve.Contents.LABELLING;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.Pictures;
import org.splitmask.prep.config.ImageConfig;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.KnownRows;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.write.ExistingRows;
import org.splitmask.prep.table.write.TableIdentity;
import org.splitmask.prep.table.write.TableRun;
import org.splitmask.prep.table.write.TaskFiles;
import org.splitmask.prep.table.write.TaskWriter;

/** What becomes of contents that are decoded, in a table's own files and without Spark. */
class PictureSinkTest {
  private static final Configuration HADOOP = new Configuration();
  private static final ImageConfig IMAGES =
      Configurations.bind(
          ImageConfig.class, KeyValues.ofWords(List.of("image-size=16", "patch-size=4")));

  private final Tally tally = new Tally();
  private final Map<String, PictureInfo> pictures = new TreeMap<>();
  private final Map<String, byte[]> patches = new TreeMap<>();
  private final Map<String, RejectedRow> rejected = new TreeMap<>();
  private @TempDir Path folder;
  private TableRun table;
  private TaskWriter writer;
  private SourceReader reader;
  private PictureSink sink;

  @BeforeEach
  void open() {
    TableIdentity identity = new TableIdentity(IMAGES.shape(), Map.of(), Map.of(), "fingerprint");
    TableHome home = TableHome.of(folder.resolve("table").toString(), HADOOP);
    table = TableRun.begin(home, identity, ExistingRows.KEPT, "run-2", HADOOP);
    writer = new TaskWriter(table.target(), 0, 0);
    reader = new SourceReader(HADOOP);
    GroupResolver resolver = new GroupResolver(LABELLING, "run-2");
    sink =
        new PictureSink(
            IMAGES, IMAGES.decoder(Duration.ofSeconds(30)), resolver, writer, reader, tally);
  }

  @AfterEach
  void close() throws IOException {
    writer.close();
    reader.close();
    table.close();
  }

  @Test
  void aContentIsDecodedOnceAndItsOtherFilesAreDuplicates() throws IOException {
    byte[] png = png(1);

    sink.take(hash(png), List.of(file("hats/1.png", png), file("hats/2.png", png)));
    finish();

    PictureInfo info = pictures.get("/in/hats/1.png");
    assertThat(pictures).hasSize(1);
    assertThat(info.imageId()).isEqualTo(hash(png));
    assertThat(info.label()).isEqualTo("hats");
    assertThat(info.format()).isEqualTo("png");
    assertThat(info.originalWidth()).isEqualTo(40);
    assertThat(info.originalHeight()).isEqualTo(30);
    assertThat(info.runId()).isEqualTo("run-2");
    assertThat(rejected).containsOnlyKeys("/in/hats/2.png");
    assertThat(rejected.get("/in/hats/2.png").duplicateOf()).isEqualTo("/in/hats/1.png");
    assertThat(tally.of(Count.ACCEPTED)).isEqualTo(1);
    assertThat(tally.pictures()).isEqualTo(1);
    assertThat(tally.duplicates()).isEqualTo(1);
  }

  @Test
  void everyPictureHasItsOwnPixels() throws IOException {
    for (int seed = 1; seed <= 3; seed++) {
      sink.take(hash(png(seed)), List.of(file("hats/" + seed + ".png", png(seed))));
    }
    finish();

    assertThat(patches.values())
        .hasSize(3)
        .allSatisfy(pixels -> assertThat(pixels).isNotEqualTo(new byte[pixels.length]));
    assertThat(patches.get("/in/hats/1.png")).isNotEqualTo(patches.get("/in/hats/2.png"));
    assertThat(patches.get("/in/hats/2.png")).isNotEqualTo(patches.get("/in/hats/3.png"));
  }

  @Test
  void theFirstFileThatCanStillBeReadIsTaken() throws IOException {
    byte[] png = png(1);

    sink.take(
        hash(png),
        List.of(
            file("hats/1.png", null),
            file("hats/2.png", png(2)),
            file("hats/3.png", png),
            file("hats/4.png", null)));
    finish();

    assertThat(pictures).containsOnlyKeys("/in/hats/3.png");
    assertThat(rejected.get("/in/hats/1.png").reason()).isEqualTo("unreadable");
    assertThat(rejected.get("/in/hats/2.png").reason()).isEqualTo("changed");
    assertThat(rejected.get("/in/hats/2.png").imageId()).as("nobody read that").isNull();
    assertThat(rejected.get("/in/hats/4.png").reason()).as("read once").isEqualTo("duplicate");
    assertThat(tally.of(Count.BAD)).isEqualTo(2);
    assertThat(tally.rejected()).isEqualTo(3);
  }

  @Test
  void whereNoneCanBeReadAnyMoreNothingIsDecoded() throws IOException {
    sink.take(hash(png(1)), List.of(file("hats/1.png", null), file("hats/2.png", null)));
    finish();

    assertThat(pictures).isEmpty();
    assertThat(rejected).containsOnlyKeys("/in/hats/1.png", "/in/hats/2.png");
  }

  @Test
  void aFailureOfTheStorageFailsTheTask() {
    IOException failure = new IOException("read timed out");
    SourceItem item = new SourceItem("/in", "/in/hats/1.png", 1, 1, new Given(null, failure), null);

    assertThatThrownBy(() -> sink.take("ab", List.of(new Present(item, Standing.NEW, null, null))))
        .isSameAs(failure);
  }

  @Test
  void filesOfOneDamagedContentShareItsFate() throws IOException {
    byte[] damaged = Arrays.copyOf(png(1), 200);

    sink.take(hash(damaged), List.of(file("hats/1.png", damaged), file("hats/2.png", damaged)));
    sink.take(hash(png(2)), List.of(file("hats/3.png", png(2))));
    finish();

    assertThat(pictures).containsOnlyKeys("/in/hats/3.png");
    assertThat(rejected).containsOnlyKeys("/in/hats/1.png", "/in/hats/2.png");
    assertThat(rejected.values())
        .allSatisfy(row -> assertThat(row.reason()).isEqualTo("truncated"))
        .allSatisfy(row -> assertThat(row.imageId()).isEqualTo(hash(damaged)))
        .allSatisfy(row -> assertThat(row.duplicateOf()).isNull());
    assertThat(tally.of(Count.BAD)).isEqualTo(2);
  }

  @Test
  void bytesThatWereCarriedAreNotReadAgain() throws IOException {
    byte[] png = png(1);
    Present unreadable = file("hats/1.png", null);

    sink.take(hash(png), List.of(new Present(unreadable.item(), Standing.NEW, null, null, png)));
    finish();

    assertThat(pictures).containsOnlyKeys("/in/hats/1.png");
  }

  @Test
  void sixteenContentsAreDecodedTogether() throws IOException {
    for (int i = 1; i <= 17; i++) {
      sink.take(hash(png(i)), List.of(file("hats/" + i + ".png", png(i))));
      assertThat(tally.pictures()).as("behind %d", i).isEqualTo(i < 16 ? 0 : 16);
    }
    finish();

    assertThat(tally.pictures()).isEqualTo(17);
    assertThat(pictures).hasSize(17);
  }

  @Test
  void noContentIsWaitedForBeyondFourMebibytes() throws IOException {
    byte[] large = Pictures.withChunk(png(1), "teXt", new byte[4 << 20]);

    sink.take(hash(png(2)), List.of(file("hats/2.png", png(2))));
    assertThat(tally.pictures()).isZero();
    sink.take(hash(large), List.of(file("hats/1.png", large)));
    assertThat(tally.pictures()).isEqualTo(2);
    sink.take(hash(png(3)), List.of(file("hats/3.png", png(3))));
    assertThat(tally.pictures()).as("counted anew").isEqualTo(2);
  }

  private void finish() throws IOException {
    sink.flush();
    TaskFiles files = writer.finish();
    for (DataFile file : files.patches()) {
      KnownRows.visitPictures(
          file.location(),
          HADOOP,
          (info, pixels) -> {
            pictures.put(info.path(), info);
            patches.put(info.path(), pixels);
          });
    }
    for (DataFile file : files.rejected()) {
      KnownRows.rejected(file.location(), HADOOP)
          .forEachRemaining(
              row -> rejected.put(row.file().path(), ((KnownRow.Rejected) row).row()));
    }
  }

  private static byte[] png(long seed) {
    return Pictures.png(Pictures.noise(40, 30, seed));
  }

  private static String hash(byte[] content) {
    return ContentHash.of(content);
  }

  /** A new file, which is gone if it has no content. */
  private static Present file(String name, byte @Nullable [] content) {
    IOException gone = content == null ? new FileNotFoundException(name) : null;
    SourceItem item = new SourceItem("/in", "/in/" + name, 7, 1000, new Given(content, gone), null);
    return new Present(item, Standing.NEW, null, null);
  }

  private record Given(byte @Nullable [] content, @Nullable IOException failure)
      implements ItemLocation {
    @Override
    public @Nullable String container() {
      return null;
    }

    @Override
    public long position() {
      return 0;
    }

    @Override
    public Access access() {
      return Access.RANDOM;
    }

    @Override
    public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
      if (failure != null) {
        throw failure;
      }
      return content;
    }
  }
}
