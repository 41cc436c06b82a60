/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import org.splitmask.train.parameter.ParameterSource;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.state.VectorStore.Vector;

/**
 * All that a run is between two rounds; what a checkpoint holds. It owns its vectors.
 *
 * @param round how many rounds are done
 * @param updates how many updates have been made
 * @param vectors θ_r, the averaged Adam moments and v of the outer step
 * @param cursor where the run stands in its images
 * @param rateFactor on the learning rate; below 1 after rounds that diverged
 */
public record TrainingState(
    int round, long updates, VectorStore vectors, Cursor cursor, double rateFactor)
    implements ModelState, AutoCloseable {
  /** A state of a run that never diverged. */
  public TrainingState(int round, long updates, VectorStore vectors, Cursor cursor) {
    this(round, updates, vectors, cursor, 1);
  }

  /** The state of a new run. */
  public static TrainingState start(VectorStore empty, ParameterSource parameters) {
    for (int s = 0; s < empty.segments().count(); s++) {
      empty.write(Vector.PARAMETERS, s, parameters.next(empty.segments().length(s)));
    }
    return new TrainingState(0, 0, empty, Cursor.start());
  }

  @Override
  public Segments segments() {
    return vectors.segments();
  }

  @Override
  public StateSegment segment(int index) {
    return vectors.read(index);
  }

  @Override
  public void close() {
    vectors.close();
  }
}
