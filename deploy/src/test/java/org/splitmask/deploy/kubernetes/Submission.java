/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A spark-submit of Spark's own in cluster mode, as {@code ./splitmask COMMAND --master k8s://URL
 * --deploy-mode cluster --jars-folder local:///opt/splitmask/jars} makes it.
 */
final class Submission {
  static final String NAMESPACE = "splitmask";
  static final String IMAGE = "registry.example.com/splitmask:0.1.0";

  /** Where the image has the application's jars. */
  static final String JARS_FOLDER = "local:///opt/splitmask/jars/";

  /** Who submits, to the API server. */
  static final String SUBMITTER = "submitter";

  private final ApiServer server;
  private final SparkImage image;
  private final List<String> settings = new ArrayList<>();

  /** What a process came to. */
  record Outcome(int exitCode, String log) {}

  private Submission(ApiServer server, SparkImage image) {
    this.server = server;
    this.image = image;
    with("spark.kubernetes.namespace=" + NAMESPACE);
    with("spark.kubernetes.authenticate.submission.oauthToken=" + SUBMITTER);
  }

  /** A person's, with the settings of conf/spark/kubernetes.conf. */
  static Submission plain(ApiServer server, SparkImage image) throws IOException {
    Submission submission = new Submission(server, image);
    kubernetesConf().forEach((key, value) -> submission.with(key + "=" + value));
    return submission.with("spark.kubernetes.container.image=" + IMAGE);
  }

  /**
   * What the operator submits for an application: its settings, its fields as settings, its pod
   * templates as files. It does not wait.
   */
  static Submission ofOperator(ApiServer server, SparkImage image, JsonNode spec, Path folder)
      throws IOException {
    Submission submission = new Submission(server, image);
    submission.with(
        "spark.kubernetes.submission.waitAppCompletion=false",
        "spark.kubernetes.container.image=" + spec.get("image").asText(),
        "spark.kubernetes.container.image.pullPolicy=" + spec.get("imagePullPolicy").asText(),
        "spark.executor.instances=" + spec.at("/executor/instances").asText());
    for (String role : List.of("driver", "executor")) {
      JsonNode pod = spec.get(role);
      Path template = Files.createDirectories(folder).resolve(role + ".json");
      Files.writeString(template, pod.get("template").toString());
      submission.with(
          "spark.%s.cores=%s".formatted(role, pod.get("cores").asText()),
          "spark.%s.memory=%s".formatted(role, pod.get("memory").asText()),
          "spark.%s.memoryOverhead=%s".formatted(role, pod.get("memoryOverhead").asText()),
          "spark.kubernetes.authenticate.%s.serviceAccountName=%s"
              .formatted(role, pod.get("serviceAccount").asText()),
          "spark.kubernetes.%s.podTemplateFile=%s".formatted(role, template),
          "spark.kubernetes.%s.podTemplateContainerName=spark-kubernetes-%s".formatted(role, role));
    }
    spec.get("sparkConf")
        .fields()
        .forEachRemaining(
            entry -> submission.with(entry.getKey() + "=" + entry.getValue().asText()));
    return submission;
  }

  /** The lines of conf/spark/kubernetes.conf. */
  static Map<String, String> kubernetesConf() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line :
        Files.readAllLines(SparkImage.REPOSITORY.resolve("conf/spark/kubernetes.conf"))) {
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        String[] words = text.split("\\s+", 2);
        settings.put(words[0], words[1]);
      }
    }
    return settings;
  }

  Submission with(String... more) {
    settings.addAll(List.of(more));
    return this;
  }

  /** Submits, and waits for the application's end if it is a person's. */
  Outcome run(String jar, String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                SparkImage.java(),
                "-Xmx512m",
                "-cp",
                image.classPath(),
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "k8s://" + server.url(),
                "--deploy-mode",
                "cluster",
                "--class",
                mainClass));
    settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
    command.add(jar);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(SparkImage.QUICK_START);
    Process process = builder.start();
    process.getOutputStream().close();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), log);
  }
}
