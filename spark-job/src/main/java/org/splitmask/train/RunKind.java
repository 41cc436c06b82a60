/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.List;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.config.RunSettings;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.parameter.ParameterSource;
import org.splitmask.train.task.LearningTask;

/**
 * A kind of run on a table: what its configuration is, and what it learns. {@link Training} does
 * the rest, which is the same for all kinds.
 *
 * @param <C> the configuration
 * @param <B> the mini-batches of the learning task
 */
interface RunKind<C extends Record & RunSettings, B extends MiniBatch> {
  C config();

  /** Refuses what does not go with this table's pictures, before anything is done with them. */
  void check(TableSnapshot snapshot);

  /** The task of a new run. What it had to find out or to make is kept by the run. */
  LearningTask<B> begin(TableSnapshot snapshot) throws IOException;

  /** The task of a run that is there, with what it kept. */
  LearningTask<B> resume(TableSnapshot snapshot, RunIdentity<C> identity) throws IOException;

  /** θ_0 of a new run. */
  ParameterSource start(LearningTask<B> task);

  /**
   * What a worker needs to know.
   *
   * @param taskCores the cores of its task
   */
  TrainerSettings<B> trainerSettings(LearningTask<B> task, int taskCores);

  /** Who else looks at the rounds. */
  List<RoundListener> watches();
}
