/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;
import org.splitmask.prep.stage.compare.Candidate;
import org.splitmask.prep.stage.compare.CompareWithTable;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.Stamps;
import org.splitmask.prep.stage.resolve.ContentEntry.Cause;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.table.KnownRow;
import scala.Tuple2;

/**
 * Brings files together by their content. What is new is read and hashed here; its hash decides
 * where it is read again and decoded. Reading twice costs less than carrying every file's bytes
 * through a shuffle; the bytes of items that only come in order are carried.
 *
 * @param hashed for progress alone: retries count twice
 */
public record KeyByContent(
    ImageLimits limits,
    RerunPolicy policy,
    Broadcast<SerializableConfiguration> hadoop,
    LongAccumulator hashed)
    implements PairFlatMapFunction<Iterator<Candidate>, FileKey, ContentEntry> {
  @Override
  public Iterator<Tuple2<FileKey, ContentEntry>> call(Iterator<Candidate> candidates) {
    SourceReader reader = new SourceReader(hadoop.value().value());
    return new ClosingIterator<>(reader, candidates, candidate -> entries(candidate, reader));
  }

  /** What is to be decided of a candidate, under the content that it has or had. */
  List<Tuple2<FileKey, ContentEntry>> entries(Candidate candidate, SourceReader reader)
      throws IOException {
    if (candidate instanceof Candidate.Read read) {
      return read(read, reader);
    }
    if (candidate instanceof Candidate.Same same) {
      return List.of(
          known(new ContentEntry.Present(same.item(), Standing.SAME, same.known(), null)));
    }
    if (candidate instanceof Candidate.Retained retained) {
      return List.of(retained(retained.known()));
    }
    Candidate.Gone gone = (Candidate.Gone) candidate;
    return List.of(vacated(new ContentEntry.Vacated(gone.known(), Cause.GONE, gone.input())));
  }

  private List<Tuple2<FileKey, ContentEntry>> read(Candidate.Read candidate, SourceReader reader)
      throws IOException {
    hashed.add(1);
    SourceItem item = candidate.item();
    KnownRow known = candidate.known();
    Refused refused =
        item.size() == SourceItem.UNKNOWN_SIZE
            ? null
            : ImageDecoder.refusedByLength(item.size(), limits);
    byte[] content = null;
    boolean unread = false;
    if (refused == null) {
      try {
        content = reader.read(item, limits.maxBytes());
      } catch (IOException e) {
        refused = ReadFailure.refused(e);
        unread = true;
      }
    }
    if (content != null && item.size() == SourceItem.UNKNOWN_SIZE) {
      item = item.withSize(content.length);
      refused = ImageDecoder.refusedByLength(content.length, limits);
    }
    if (unread && isRejectedSo(known, item, refused)) {
      return List.of(known(new ContentEntry.Present(item, Standing.SAME, known, null)));
    }
    String hash = content == null || refused != null ? null : ContentHash.of(content);
    boolean judgedAnew =
        known != null && policy.failed() == Failed.RETRIED && CompareWithTable.hasFailed(known);
    if (known != null && hash != null && hash.equals(known.imageId()) && !judgedAnew) {
      return List.of(known(new ContentEntry.Present(item, Standing.SAME, known, null)));
    }
    List<Tuple2<FileKey, ContentEntry>> entries = new ArrayList<>(2);
    Standing standing = known == null ? Standing.NEW : Standing.REPLACED;
    byte[] carried = hash != null && item.access() == Access.SEQUENTIAL ? content : null;
    entries.add(
        key(hash, item.path(), new ContentEntry.Present(item, standing, null, refused, carried)));
    if (known instanceof KnownRow.Picture && unread) {
      // What cannot be read says nothing of the picture that the table has.
      entries.add(retained(known));
    } else if (known != null) {
      entries.add(vacated(new ContentEntry.Vacated(known, Cause.CHANGED, null)));
    }
    return entries;
  }

  /** Whether the table says the very same of the file: then there is nothing to write. */
  private static boolean isRejectedSo(
      @Nullable KnownRow known, SourceItem item, @Nullable Refused refused) {
    return known instanceof KnownRow.Rejected rejected
        && refused != null
        && rejected.row().imageId() == null
        && rejected.row().reason().equals(refused.reason().word())
        && rejected.file().looksLike(Stamps.of(item));
  }

  private static Tuple2<FileKey, ContentEntry> retained(KnownRow row) {
    SourceItem item = Stamps.item(row.file());
    return known(new ContentEntry.Present(item, Standing.RETAINED, row, null));
  }

  private static Tuple2<FileKey, ContentEntry> known(ContentEntry.Present present) {
    KnownRow row = Objects.requireNonNull(present.known());
    return key(row.imageId(), row.file().path(), present);
  }

  private static Tuple2<FileKey, ContentEntry> vacated(ContentEntry.Vacated entry) {
    return key(entry.known().imageId(), entry.known().file().path(), entry);
  }

  /** What was not read is dealt out by its path. */
  private static Tuple2<FileKey, ContentEntry> key(
      @Nullable String hash, String path, ContentEntry entry) {
    return new Tuple2<>(new FileKey(hash == null ? ContentHash.of(path) : hash, path), entry);
  }
}
