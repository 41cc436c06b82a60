/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.table.write.RowEdit;
import scala.Tuple2;

/** Decides what there is to do in a range of hashes, and does nothing. */
public record PlanPartition(Labelling labelling, String runId)
    implements FlatMapFunction<Iterator<Tuple2<FileKey, ContentEntry>>, PlanStep> {
  @Override
  public Iterator<PlanStep> call(Iterator<Tuple2<FileKey, ContentEntry>> entries) {
    return new Steps(new GroupResolver(labelling, runId), ContentGroup.of(entries));
  }

  /** What was counted, task by task. */
  public static JavaRDD<Tally> tallies(JavaRDD<PlanStep> steps) {
    return steps
        .filter(new Is(PlanStep.Counts.class))
        .map(step -> ((PlanStep.Counts) step).tally());
  }

  /** The edits by the data file that they are of. */
  public static JavaPairRDD<String, RowEdit> edits(JavaRDD<PlanStep> steps) {
    return steps.filter(new Is(PlanStep.Edit.class)).mapToPair(new ByDataFile());
  }

  /** Edits as they are decided: there may be more than a heap holds. */
  private static final class Steps implements Iterator<PlanStep> {
    private final GroupResolver resolver;
    private final Iterator<ContentGroup> groups;
    private final Tally tally = new Tally();
    private @Nullable PlanStep next;
    private boolean counted;

    Steps(GroupResolver resolver, Iterator<ContentGroup> groups) {
      this.resolver = resolver;
      this.groups = groups;
    }

    @Override
    public boolean hasNext() {
      while (next == null && groups.hasNext()) {
        Resolution resolution = resolver.resolve(groups.next());
        resolution.events().forEach(tally::add);
        next = resolution.edit() == null ? null : new PlanStep.Edit(resolution.edit());
      }
      if (next == null && !counted) {
        next = new PlanStep.Counts(tally);
        counted = true;
      }
      return next != null;
    }

    @Override
    public PlanStep next() {
      PlanStep step = hasNext() ? next : null;
      if (step == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return step;
    }
  }

  private record Is(Class<? extends PlanStep> kind) implements Function<PlanStep, Boolean> {
    @Override
    public Boolean call(PlanStep step) {
      return kind.isInstance(step);
    }
  }

  private record ByDataFile() implements PairFunction<PlanStep, String, RowEdit> {
    @Override
    public Tuple2<String, RowEdit> call(PlanStep step) {
      RowEdit edit = ((PlanStep.Edit) step).edit();
      return new Tuple2<>(edit.dataFile(), edit);
    }
  }
}
