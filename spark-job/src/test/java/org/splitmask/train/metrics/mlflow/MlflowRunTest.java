/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mlflow.tracking.MlflowClient;
import org.splitmask.train.metrics.mlflow.TrackedRun.Figure;

/** MLflow's own client, and a server that keeps what it is told as MLflow's does. */
class MlflowRunTest {
  private static final String API = "/api/2.0/mlflow/";
  private static final String FOLDER = "hdfs://nn:8020/runs/it's one";

  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<String, String> experiments = new TreeMap<>();
  private final Map<String, String> runs = new TreeMap<>();
  private final List<String> updates = new ArrayList<>();
  private final Map<String, List<Double>> metrics = new TreeMap<>();
  private final Map<String, String> parameters = new TreeMap<>();
  private int requests;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(API, this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aTrainingIsOneRunHoweverOftenItIsResumed() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < 130; i++) {
      settings.put("key-" + i, "value " + i);
    }
    try (MlflowRun run = open(true, settings)) {
      run.log(List.of(new Figure("loss", 4.5, 10, 1000), new Figure("loss", 4.25, 20, 2000)));
      run.end(false);
    }
    try (MlflowRun run = open(false, Map.of("key-0", "another"))) {
      run.log(List.of(new Figure("loss", 4, 30, 3000)));
      run.end(true);
    }

    assertThat(experiments).containsOnlyKeys("clothes");
    assertThat(runs.values()).containsExactly(FOLDER);
    assertThat(parameters).hasSize(130).containsEntry("key-0", "value 0");
    assertThat(metrics).containsOnly(Map.entry("loss", List.of(4.5, 4.25, 4.0)));
    assertThat(updates).containsExactly("KILLED", "RUNNING", "FINISHED");
  }

  /** As after RUN was deleted. */
  @Test
  void aNewTrainingInAnOldFolderIsAnotherRun() {
    open(true, Map.of("seed", "1")).close();
    open(true, Map.of("seed", "2")).close();
    open(false, Map.of("seed", "3")).close();

    assertThat(runs).containsOnlyKeys("r1", "r2");
    assertThat(parameters).containsEntry("seed", "2");
  }

  @Test
  void manyFiguresAreSentInSeveralRequests() {
    List<Figure> figures = new ArrayList<>();
    for (int step = 0; step < 2500; step++) {
      figures.add(new Figure("loss", step, step, step));
    }
    try (MlflowRun run = open(true, Map.of())) {
      int before = requests;
      run.log(figures);
      assertThat(requests - before).isEqualTo(3);
    }

    assertThat(metrics.get("loss")).hasSize(2500);
  }

  @Test
  void aServerThatIsDownIsAFailureOfTheCaller() {
    server.stop(0);
    assertThatThrownBy(() -> open(true, Map.of())).isInstanceOf(RuntimeException.class);
  }

  private MlflowRun open(boolean isNew, Map<String, String> settings) {
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    return MlflowRun.open(
        new MlflowClient(address), "clothes", new Tracked(FOLDER, isNew, settings), 1000);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests++;
    String method = exchange.getRequestURI().getPath().substring(API.length());
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonNode request = body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
    String answer =
        switch (method) {
          case "experiments/get-by-name" -> experiment();
          case "experiments/create" -> {
            experiments.put(request.path("name").asText(), "7");
            yield "{\"experiment_id\":\"7\"}";
          }
          case "runs/search" -> search(request);
          case "runs/create" -> {
            request
                .path("tags")
                .forEach(
                    tag -> {
                      if (tag.path("key").asText().equals("splitmask.run")) {
                        runs.put("r" + (runs.size() + 1), tag.path("value").asText());
                      }
                    });
            yield "{\"run\":{\"info\":" + newest() + "}}";
          }
          case "runs/log-batch" -> {
            assertThat(request.path("run_id").asText()).isEqualTo("r" + runs.size());
            assertThat(request.path("metrics").size()).isLessThanOrEqualTo(1000);
            assertThat(request.path("params").size()).isLessThanOrEqualTo(100);
            request
                .path("metrics")
                .forEach(
                    metric ->
                        metrics
                            .computeIfAbsent(metric.path("key").asText(), key -> new ArrayList<>())
                            .add(metric.path("value").asDouble()));
            request
                .path("params")
                .forEach(
                    parameter ->
                        parameters.put(
                            parameter.path("key").asText(), parameter.path("value").asText()));
            yield "{}";
          }
          case "runs/update" -> {
            updates.add(request.path("status").asText());
            yield "{\"run_info\":" + newest() + "}";
          }
          default -> throw new IllegalStateException(method);
        };
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    int status = answer.contains("RESOURCE_DOES_NOT_EXIST") ? 404 : 200;
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String experiment() {
    return experiments.isEmpty()
        ? "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"none\"}"
        : "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"clothes\"}}";
  }

  private String search(JsonNode request) {
    assertThat(request.path("filter").asText()).matches("tags.`splitmask.key` = '[0-9a-f-]{36}'");
    return runs.isEmpty() ? "{}" : "{\"runs\":[{\"info\":" + newest() + "}]}";
  }

  private String newest() {
    String id = "r" + runs.size();
    return "{\"run_id\":\"" + id + "\",\"run_uuid\":\"" + id + "\"}";
  }
}
