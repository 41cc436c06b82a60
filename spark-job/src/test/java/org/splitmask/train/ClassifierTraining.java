/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.classifier.ClassifierBatch;
import org.splitmask.train.classifier.ClassifierConfig;
import org.splitmask.train.classifier.ClassifierTask;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.task.LearningTask;

/**
 * Runs that learn {@link ClassifierTask}.
 *
 * @param engine what computes the steps; it need not be one that the configuration knows
 */
record ClassifierTraining(ClassifierConfig config, EngineFactory engine)
    implements RunKind<ClassifierConfig, ClassifierBatch> {
  @Override
  public void check(TableSnapshot snapshot) {
    config.run().planner(snapshot.statistics().images(Split.TRAIN));
  }

  @Override
  public ClassifierTask begin(TableSnapshot snapshot) {
    Configuration hadoop = new Configuration();
    List<String> classes =
        snapshot.rowGroups(Split.TRAIN).stream()
            .flatMap(group -> RowGroupReader.read(group, hadoop).stream())
            .map(PatchRow::label)
            .distinct()
            .sorted()
            .toList();
    return task(snapshot, classes);
  }

  @Override
  public ClassifierTask resume(TableSnapshot snapshot, RunIdentity<ClassifierConfig> identity)
      throws IOException {
    return task(snapshot, ClassifierTask.classes(identity.kept(ClassifierTask.CLASSES_FILE)));
  }

  private ClassifierTask task(TableSnapshot snapshot, List<String> classes) {
    ModelInput input =
        new ModelInput(
            snapshot.shape(),
            config.model().cropSize(),
            config.model().patchSize(),
            config.input().pixelStatistics().of(snapshot));
    return new ClassifierTask(
        config.model().networkShape(input),
        new AugmentedCrops(input, config.input().augmentation(), config.run().seed()),
        classes);
  }

  @Override
  public InitialParameters start(LearningTask<ClassifierBatch> task) {
    return new InitialParameters(task.layout(), config.run().seed());
  }

  @Override
  public TrainerSettings<ClassifierBatch> trainerSettings(
      LearningTask<ClassifierBatch> task, int taskCores) {
    return new TrainerSettings<>(
        task,
        config.optimisation(),
        config.input().loading(),
        engine,
        config.run().threads(taskCores),
        config.run().seed());
  }

  @Override
  public List<RoundListener> watches() {
    return List.of();
  }
}
