/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;

/**
 * A run by MLflow's client. It is found again by the folder of the training, so that a training
 * that is resumed is one run there too.
 */
final class MlflowRun implements TrackedRun {
  /** Has the folder of the training. */
  private static final String FOLDER = "splitmask.run";

  /** Has the same in letters that need no quotes in a search. */
  private static final String KEY = "splitmask.key";

  private static final String NEWEST_FIRST = "attributes.start_time DESC";

  /** What the server takes at once. */
  private static final int MOST_METRICS = 1000;

  private static final int MOST_PARAMETERS = 100;

  private final MlflowClient client;
  private final String id;

  private MlflowRun(MlflowClient client, String id) {
    this.client = client;
    this.id = id;
  }

  /**
   * Goes on with the training's run, or begins one.
   *
   * @param experiment is made if there is none of this name
   * @param millis when a new run begins, since 1970
   */
  static MlflowRun open(MlflowClient client, String experiment, Tracked training, long millis) {
    String experimentId =
        client
            .getExperimentByName(experiment)
            .map(found -> found.getExperimentId())
            .orElseGet(() -> client.createExperiment(experiment));
    String folder = training.folder();
    String key = UUID.nameUUIDFromBytes(folder.getBytes(StandardCharsets.UTF_8)).toString();
    String filter = "tags.`" + KEY + "` = '" + key + "'";
    // A new training in the folder of an old one has other curves, and perhaps other settings.
    List<Run> found =
        training.isNew()
            ? List.of()
            : client
                .searchRuns(
                    List.of(experimentId), filter, ViewType.ACTIVE_ONLY, 1, List.of(NEWEST_FIRST))
                .getItems();
    if (!found.isEmpty()) {
      MlflowRun run = new MlflowRun(client, found.get(0).getInfo().getRunId());
      run.goOn();
      return run;
    }
    RunInfo created =
        client.createRun(
            CreateRun.newBuilder()
                .setExperimentId(experimentId)
                .setStartTime(millis)
                .addTags(tag("mlflow.runName", folder.substring(folder.lastIndexOf('/') + 1)))
                .addTags(tag(FOLDER, folder))
                .addTags(tag(KEY, key))
                .build());
    MlflowRun run = new MlflowRun(client, created.getRunId());
    run.tell(training.settings());
    return run;
  }

  private static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }

  private void tell(Map<String, String> settings) {
    List<Param> parameters = new ArrayList<>();
    settings.forEach(
        (key, value) -> parameters.add(Param.newBuilder().setKey(key).setValue(value).build()));
    for (int from = 0; from < parameters.size(); from += MOST_PARAMETERS) {
      int to = Math.min(parameters.size(), from + MOST_PARAMETERS);
      client.logBatch(id, List.of(), parameters.subList(from, to), List.of());
    }
  }

  /** The client has no call for it. */
  private void goOn() {
    try {
      Map<String, String> update = Map.of("run_id", id, "status", RunStatus.RUNNING.name());
      client.sendPost("runs/update", new ObjectMapper().writeValueAsString(update));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void log(List<Figure> figures) {
    List<Metric> metrics =
        figures.stream()
            .map(
                figure ->
                    Metric.newBuilder()
                        .setKey(figure.name())
                        .setValue(figure.value())
                        .setStep(figure.step())
                        .setTimestamp(figure.millis())
                        .build())
            .toList();
    for (int from = 0; from < metrics.size(); from += MOST_METRICS) {
      int to = Math.min(metrics.size(), from + MOST_METRICS);
      client.logBatch(id, metrics.subList(from, to), List.of(), List.of());
    }
  }

  @Override
  public void end(boolean isDone) {
    client.setTerminated(id, isDone ? RunStatus.FINISHED : RunStatus.KILLED);
  }

  @Override
  public void close() {
    client.close();
  }
}
