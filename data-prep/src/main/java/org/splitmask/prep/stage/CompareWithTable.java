/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.stage.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.RerunPolicy.Failed;
import org.splitmask.prep.stage.RerunPolicy.Vanished;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import scala.Tuple2;

/**
 * Compares what was listed with what the table knows, path by path.
 *
 * @param scopes the inputs of this run: what the table knows below them, and was not listed, is
 *     gone
 */
record CompareWithTable(RerunPolicy policy, List<String> scopes)
    implements FlatMapFunction<
        Tuple2<String, Tuple2<Iterable<SourceItem>, Iterable<KnownRow>>>, Candidate> {
  @Override
  public Iterator<Candidate> call(
      Tuple2<String, Tuple2<Iterable<SourceItem>, Iterable<KnownRow>>> path) {
    Iterator<SourceItem> listed = path._2()._1().iterator();
    // A path may be listed twice, once by a folder and once by a list of paths: it is one file.
    SourceItem item = listed.hasNext() ? listed.next() : null;
    Iterator<KnownRow> rows = path._2()._2().iterator();
    List<Candidate> candidates = new ArrayList<>(1);
    if (item != null) {
      candidates.add(compare(item, rows.hasNext() ? rows.next() : null));
    }
    while (rows.hasNext()) {
      KnownRow known = rows.next();
      candidates.add(
          item != null || isGone(known.file())
              ? new Candidate.Gone(known)
              : new Candidate.Retained(known));
    }
    return candidates.iterator();
  }

  private Candidate compare(SourceItem item, @Nullable KnownRow known) {
    if (known == null) {
      return new Candidate.Read(item, null);
    }
    boolean same = policy.check() == ChangeCheck.STAMP && Stamps.of(item).looksLike(known.file());
    boolean retry = policy.failed() == Failed.RETRIED && hasFailed(known);
    return same && !retry ? new Candidate.Same(item, known) : new Candidate.Read(item, known);
  }

  /** Whether the table has a file as rejected for what it is, and not as another's duplicate. */
  static boolean hasFailed(KnownRow known) {
    return known instanceof KnownRow.Rejected rejected && rejected.row().duplicateOf() == null;
  }

  private boolean isGone(FileStamp file) {
    if (policy.vanished() == Vanished.KEPT) {
      return false;
    }
    if (scopes.contains(file.sourceRoot()) || scopes.contains(file.path())) {
      return true;
    }
    for (int end = file.path().lastIndexOf('/');
        end > 0;
        end = file.path().lastIndexOf('/', end - 1)) {
      if (scopes.contains(file.path().substring(0, end))) {
        return true;
      }
    }
    return false;
  }
}
