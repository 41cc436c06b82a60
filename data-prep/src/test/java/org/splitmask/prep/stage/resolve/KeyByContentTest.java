/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;
import org.splitmask.prep.stage.compare.Candidate;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.stage.compare.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.RerunPolicy.Vanished;
import org.splitmask.prep.stage.compare.Stamps;
import org.splitmask.prep.stage.resolve.ContentEntry.Cause;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.stage.resolve.ContentEntry.Vacated;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.write.ExistingRows;
import scala.Tuple2;

/** What reading a file tells of it, and of what the table has of its path. */
class KeyByContentTest {
  private static final String PATH = "file:/in/hats/a.jpg";
  private static final byte[] BYTES = {1, 2, 3};
  private static final String HASH = ContentHash.of(BYTES);
  private static final String OTHER = ContentHash.of("another picture");
  private static final IOException DENIED = new AccessControlException("no");

  @Test
  void aNewFileIsKnownByItsContent() throws IOException {
    SourceItem file = file(BYTES);

    assertThat(read(file, null)).containsExactly(entry(HASH, present(file, Standing.NEW, null)));
  }

  @Test
  void aFileThatHasAnotherPictureNowReplacesIt() throws IOException {
    SourceItem file = file(BYTES);
    KnownRow before = picture(OTHER);

    assertThat(read(file, before))
        .containsExactly(
            entry(HASH, present(file, Standing.REPLACED, null)),
            entry(OTHER, new Vacated(before, Cause.CHANGED, null)));
  }

  @Test
  void aFileThatWasTouchedAndHasTheSameBytesIsTheSame() throws IOException {
    SourceItem file = file(BYTES);
    KnownRow before = picture(HASH);
    KnownRow damaged = rejected(HASH, "damaged", 3);

    assertThat(read(file, before))
        .containsExactly(entry(HASH, new Present(file, Standing.SAME, before, null)));
    assertThat(read(file, damaged))
        .containsExactly(entry(HASH, new Present(file, Standing.SAME, damaged, null)));
  }

  @Test
  void whatIsRetriedIsJudgedAnewThoughItsBytesAreTheSame() throws IOException {
    SourceItem file = file(BYTES);
    KnownRow damaged = rejected(HASH, "damaged", 3);
    KnownRow picture = picture(HASH);

    assertThat(read(Failed.RETRIED, file, damaged))
        .containsExactly(
            entry(HASH, present(file, Standing.REPLACED, null)),
            entry(HASH, new Vacated(damaged, Cause.CHANGED, null)));
    assertThat(read(Failed.RETRIED, file, picture))
        .as("a picture has not failed")
        .containsExactly(entry(HASH, new Present(file, Standing.SAME, picture, null)));
  }

  @Test
  void aFileThatIsTooLargeByItsLengthIsNotRead() throws IOException {
    SourceItem large =
        new SourceItem("file:/in", PATH, 101, 5, unreadable(new IOException()), null);
    Refused refused = new Refused(RejectionReason.TOO_LARGE, "101 bytes, max-bytes is 100");

    assertThat(read(large, null))
        .containsExactly(
            entry(ContentHash.of(PATH), new Present(large, Standing.NEW, null, refused)));
  }

  @Test
  void aLengthThatOnlyReadingTellsIsJudgedThen() throws IOException {
    SourceItem unknown = item(SourceItem.UNKNOWN_SIZE, bytes(BYTES, Access.RANDOM));
    SourceItem large = item(SourceItem.UNKNOWN_SIZE, bytes(new byte[101], Access.RANDOM));
    SourceItem empty = item(SourceItem.UNKNOWN_SIZE, bytes(new byte[0], Access.RANDOM));

    assertThat(read(unknown, null))
        .containsExactly(entry(HASH, present(unknown.withSize(3), Standing.NEW, null)));
    assertThat(refused(read(large, null))).isEqualTo(RejectionReason.TOO_LARGE);
    assertThat(refused(read(empty, null))).isEqualTo(RejectionReason.EMPTY);
  }

  @Test
  void bytesThatOnlyComeInOrderAreCarried() throws IOException {
    SourceItem streamed = item(3, bytes(BYTES, Access.SEQUENTIAL));

    Present present = (Present) read(streamed, null).get(0)._2();

    assertThat(present.content()).isEqualTo(BYTES);
    assertThat(((Present) read(file(BYTES), null).get(0)._2()).content())
        .as("others are read again")
        .isNull();
  }

  @Test
  void aFileThatCannotBeReadLeavesThePictureOfTheTableAlone() throws IOException {
    SourceItem denied = item(3, unreadable(DENIED));
    KnownRow before = picture(OTHER);
    Refused refused = new Refused(RejectionReason.UNREADABLE, "permission denied");

    assertThat(read(denied, before))
        .containsExactly(
            entry(ContentHash.of(PATH), new Present(denied, Standing.REPLACED, null, refused)),
            entry(OTHER, new Present(Stamps.item(before.file()), Standing.RETAINED, before, null)));
  }

  @Test
  void aFileThatIsRejectedByItsLengthNowTakesThePictureAway() throws IOException {
    SourceItem empty = item(0, bytes(new byte[0], Access.RANDOM));
    KnownRow before = picture(OTHER);

    assertThat(read(empty, before))
        .contains(entry(OTHER, new Vacated(before, Cause.CHANGED, null)));
  }

  @Test
  void aFileThatCannotBeReadAsBeforeIsTheSame() throws IOException {
    SourceItem denied = item(3, unreadable(DENIED));
    KnownRow before = rejected(null, "unreadable", 3);
    String key = ContentHash.of(PATH);

    assertThat(read(denied, before))
        .containsExactly(entry(key, new Present(denied, Standing.SAME, before, null)));
    for (KnownRow other :
        List.of(
            rejected(null, "truncated", 3),
            rejected(null, "unreadable", 4),
            rejected(HASH, "unreadable", 3))) {
      assertThat(read(denied, other)).as("%s", other).hasSize(2);
    }
  }

  @Test
  void whatIsNotReadComesUnderTheContentThatTheTableKnows() throws IOException {
    SourceItem file = file(BYTES);
    KnownRow row = picture(OTHER);
    KnownRow unread = rejected(null, "unreadable", 3);

    assertThat(entries(Failed.KEPT, new Candidate.Same(file, row)))
        .containsExactly(entry(OTHER, new Present(file, Standing.SAME, row, null)));
    assertThat(entries(Failed.KEPT, new Candidate.Retained(row, null)))
        .containsExactly(
            entry(OTHER, new Present(Stamps.item(row.file()), Standing.RETAINED, row, null)));
    assertThat(entries(Failed.KEPT, new Candidate.Gone(row, "file:/in")))
        .containsExactly(entry(OTHER, new Vacated(row, Cause.GONE, "file:/in")));
    assertThat(entries(Failed.KEPT, new Candidate.Gone(unread, "file:/in")))
        .containsExactly(entry(ContentHash.of(PATH), new Vacated(unread, Cause.GONE, "file:/in")));
  }

  @Test
  void filesThatAreReadAreCountedForProgress() throws IOException {
    KeyByContent step = step(Failed.KEPT);
    try (SourceReader reader = new SourceReader(new Configuration(false))) {
      step.entries(new Candidate.Read(file(BYTES), null), reader);
      step.entries(new Candidate.Same(file(BYTES), picture(HASH)), reader);
    }

    assertThat(step.hashed().value()).isEqualTo(1);
  }

  @Test
  void aFailureOfTheStorageIsNoFailureOfTheFile() {
    IOException timeout = new IOException("read timed out");

    assertThatThrownBy(() -> read(item(3, unreadable(timeout)), picture(OTHER))).isSameAs(timeout);
  }

  private static RejectionReason refused(List<Tuple2<FileKey, ContentEntry>> entries) {
    assertThat(entries)
        .singleElement()
        .extracting(e -> e._1().hash())
        .isEqualTo(ContentHash.of(PATH));
    return ((Present) entries.get(0)._2()).refused().reason();
  }

  private static List<Tuple2<FileKey, ContentEntry>> read(SourceItem item, @Nullable KnownRow known)
      throws IOException {
    return read(Failed.KEPT, item, known);
  }

  private static List<Tuple2<FileKey, ContentEntry>> read(
      Failed failed, SourceItem item, @Nullable KnownRow known) throws IOException {
    return entries(failed, new Candidate.Read(item, known));
  }

  private static List<Tuple2<FileKey, ContentEntry>> entries(Failed failed, Candidate candidate)
      throws IOException {
    try (SourceReader reader = new SourceReader(new Configuration(false))) {
      return step(failed).entries(candidate, reader);
    }
  }

  private static KeyByContent step(Failed failed) {
    RerunPolicy policy =
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, Vanished.REMOVED, failed);
    return new KeyByContent(new ImageLimits(100, 1000, 1), policy, null, new LongAccumulator());
  }

  private static Tuple2<FileKey, ContentEntry> entry(String hash, ContentEntry entry) {
    return new Tuple2<>(new FileKey(hash, PATH), entry);
  }

  private static Present present(SourceItem item, Standing standing, @Nullable KnownRow known) {
    return new Present(item, standing, known, null);
  }

  private static SourceItem file(byte[] content) {
    return item(content.length, bytes(content, Access.RANDOM));
  }

  private static SourceItem item(long size, ItemLocation location) {
    return new SourceItem("file:/in", PATH, size, 5, location, null);
  }

  private static ItemLocation bytes(byte[] content, Access access) {
    return new Given(content, null, access);
  }

  private static ItemLocation unreadable(IOException failure) {
    return new Given(null, failure, Access.RANDOM);
  }

  private record Given(byte @Nullable [] content, @Nullable IOException failure, Access access)
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
    public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
      if (failure != null) {
        throw failure;
      }
      return content;
    }
  }

  private static KnownRow picture(String hash) {
    return new KnownRow.Picture(
        new PictureInfo(
            hash, PATH, "file:/in", "hats", Split.TRAIN, 3, 4, "jpeg", 9, 9, null, "run"),
        "data.parquet");
  }

  private static KnownRow rejected(@Nullable String hash, String reason, long size) {
    return new KnownRow.Rejected(
        new RejectedRow(new FileStamp(PATH, "file:/in", size, 5), hash, reason, "why", null));
  }
}
