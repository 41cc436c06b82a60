/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.Scopes;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.compare.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.RerunPolicy.Vanished;
import org.splitmask.prep.table.KnownRow;
import scala.Tuple2;

/**
 * Compares what was listed with what the table knows, path by path.
 *
 * @param scopes the inputs of this run: what the table knows below them, and was not listed, is
 *     gone
 */
public record CompareWithTable(RerunPolicy policy, Scopes scopes)
    implements FlatMapFunction<
        Tuple2<String, Tuple2<Iterable<SourceItem>, Iterable<KnownRow>>>, Candidate> {
  @Override
  public Iterator<Candidate> call(
      Tuple2<String, Tuple2<Iterable<SourceItem>, Iterable<KnownRow>>> path) {
    Iterator<SourceItem> listed = path._2()._1().iterator();
    // A path may be listed twice, once by a folder and once by a list of paths: it is one file.
    SourceItem item = listed.hasNext() ? listed.next() : null;
    List<KnownRow> rows = new ArrayList<>(1);
    path._2()._2().forEach(rows::add);
    List<Candidate> candidates = new ArrayList<>(1);
    if (item == null) {
      rows.forEach(row -> candidates.add(unlisted(row)));
    } else {
      compare(item, rows, candidates);
    }
    return candidates.iterator();
  }

  /**
   * A file that could be read once and then could not has a picture and a rejected row: the picture
   * stays until there is something to replace it.
   */
  private void compare(SourceItem item, List<KnownRow> rows, List<Candidate> candidates) {
    KnownRow picture = firstOf(KnownRow.Picture.class, rows);
    KnownRow rejected = firstOf(KnownRow.Rejected.class, rows);
    boolean unreadableStill =
        rejected != null
            && picture != null
            && policy.failed() == Failed.KEPT
            && Stamps.of(item).looksLike(rejected.file());
    KnownRow own = item.isBroken() || unreadableStill ? rejected : picture;
    own = own == null && !item.isBroken() ? rejected : own;
    candidates.add(
        unreadableStill && rejected != null && own == rejected
            ? new Candidate.Same(item, rejected)
            : compare(item, own));
    for (KnownRow row : rows) {
      if (row == picture && row != own) {
        candidates.add(new Candidate.Retained(row, item.path()));
      } else if (row != own) {
        candidates.add(new Candidate.Gone(row, null));
      }
    }
  }

  private static @Nullable KnownRow firstOf(Class<? extends KnownRow> kind, List<KnownRow> rows) {
    return rows.stream().filter(kind::isInstance).findFirst().orElse(null);
  }

  private Candidate compare(SourceItem item, @Nullable KnownRow known) {
    if (known == null) {
      return new Candidate.Read(item, null);
    }
    boolean same = policy.check() == ChangeCheck.STAMP && Stamps.of(item).looksLike(known.file());
    boolean retry =
        policy.failed() == Failed.RETRIED ? hasFailed(known) : mayBeReadNow(item, known);
    return same && !retry ? new Candidate.Same(item, known) : new Candidate.Read(item, known);
  }

  /** Permissions change without a trace in a file's size and time. */
  private static boolean mayBeReadNow(SourceItem item, KnownRow known) {
    return !item.isBroken()
        && known instanceof KnownRow.Rejected rejected
        && rejected.row().reason().equals(RejectionReason.UNREADABLE.word());
  }

  /** Whether the table has a file as rejected for what it is, and not as another's duplicate. */
  public static boolean hasFailed(KnownRow known) {
    return known instanceof KnownRow.Rejected rejected && rejected.row().duplicateOf() == null;
  }

  private Candidate unlisted(KnownRow row) {
    String input = scopes.covering(row.file().path());
    return input != null && policy.vanished() == Vanished.REMOVED
        ? new Candidate.Gone(row, input)
        : new Candidate.Retained(row, null);
  }
}
