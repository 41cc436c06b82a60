/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

  Submission(ApiServer server, SparkImage image) throws IOException {
    this.server = server;
    this.image = image;
    kubernetesConf().forEach((key, value) -> settings.add(key + "=" + value));
    settings.addAll(
        List.of(
            "spark.kubernetes.namespace=" + NAMESPACE,
            "spark.kubernetes.container.image=" + IMAGE,
            "spark.kubernetes.authenticate.submission.oauthToken=" + SUBMITTER));
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

  /** Submits and waits for the application's end. */
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
    command.add(JARS_FOLDER + jar + ".jar");
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), log);
  }
}
