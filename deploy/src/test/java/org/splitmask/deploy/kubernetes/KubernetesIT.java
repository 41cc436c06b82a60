/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Spark's own spark-submit in cluster mode, against an API server that stands in for a cluster's.
 * The pods that it asks for are looked at, and they run, as processes of this machine: a whole
 * preparation with a driver and an executor.
 */
class KubernetesIT {
  private static final Path FOLDER = Path.of("target/kubernetes-it").toAbsolutePath();
  private static final Path TEMPLATES = Manifests.FOLDER.resolve("templates");
  private static final String CACHE = "/var/cache/splitmask";

  private static ApiServer server;
  private static Kubelet kubelet;
  private static SparkImage image;
  private static Submission.Outcome submission;
  private static final String PREPARE_JAR = Submission.JARS_FOLDER + "data-prep.jar";
  private static final String DRIVER_METRICS = "/metrics/prometheus/";
  private static final String EXECUTOR_METRICS = "/metrics/executors/prometheus";

  private static Scraper scraper;
  private static Pod driver;
  private static Pod executor;

  @BeforeAll
  static void submitAPreparation() throws Exception {
    FileUtils.deleteDirectory(FOLDER.toFile());
    server = new ApiServer();
    image = SparkImage.in(FOLDER.resolve("image"));
    kubelet = new Kubelet(server, image, FOLDER.resolve("pods"));
    scraper = Scraper.start(List.of(DRIVER_METRICS, EXECUTOR_METRICS));
    int webPort = scraper.port();
    submission =
        Submission.plain(server, image)
            .with(
                "spark.kubernetes.driver.podTemplateFile=" + TEMPLATES.resolve("driver.yaml"),
                "spark.kubernetes.executor.podTemplateFile="
                    + TEMPLATES.resolve("executor-gpu.yaml"),
                "spark.executor.instances=1",
                "spark.executor.cores=2",
                "spark.executor.memory=700m",
                "spark.executor.memoryOverhead=500m",
                "spark.driver.memory=700m",
                "spark.executor.resource.gpu.amount=1",
                "spark.executor.resource.gpu.vendor=nvidia.com",
                "spark.executor.resource.gpu.discoveryScript=" + gpuScript(),
                "spark.kubernetes.driver.annotation.prometheus.io/port=" + webPort,
                "spark.ui.port=" + webPort)
            .run(PREPARE_JAR, "org.splitmask.prep.PrepareApp", prepare());
    scraper.stop();
    driver = podOf("driver");
    executor = podOf("executor");
  }

  @AfterAll
  static void stop() {
    kubelet.close();
    server.close();
  }

  @Test
  void thePreparationHasRun() throws IOException {
    assertThat(kubelet.log(driver)).contains("\"found\":6,\"accepted\":6");
    assertThat(kubelet.exitCode(driver)).isZero();
    assertThat(submission.exitCode()).isZero();
    assertThat(FOLDER.resolve("table/patches/metadata")).isNotEmptyDirectory();
    // The executor has decoded: its own volume has the natives, and the driver's log is the
    // image's.
    assertThat(kubelet.hostPath(executor, CACHE)).isNotEmptyDirectory();
    assertThat(kubelet.log(driver)).doesNotContain(" INFO SparkContext");
  }

  @Test
  void theDriversPodIsAsIntended() throws Exception {
    Container container = Kubelet.containerOf(driver);

    assertThat(container.getImage()).isEqualTo(Submission.IMAGE);
    assertThat(container.getImagePullPolicy()).isEqualTo("IfNotPresent");
    assertThat(container.getArgs())
        .startsWith("driver", "--properties-file", "/opt/spark/conf/spark.properties")
        .containsSubsequence(
            "--class",
            "org.splitmask.prep.PrepareApp",
            "local:///opt/splitmask/jars/data-prep.jar",
            "--input");
    assertThat(driver.getSpec().getServiceAccountName()).isEqualTo("splitmask");
    assertThat(Pods.environment(container)).containsEntry("LC_ALL", "C.UTF-8");
    assertThat(driver.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "splitmask")
        .containsEntry("app.kubernetes.io/component", "driver")
        .containsEntry("spark-role", "driver");
    assertThat(driver.getMetadata().getAnnotations())
        .containsEntry("prometheus.io/scrape", "true")
        .containsEntry("prometheus.io/path", DRIVER_METRICS)
        .containsKey("prometheus.io/port");
    // 700 MB of heap, and the least that Spark adds to it.
    assertThat(container.getResources().getLimits())
        .containsEntry("memory", new Quantity("1084Mi"));
    assertThat(container.getResources().getRequests()).containsEntry("cpu", new Quantity("1"));
    Pods.assertHardened(driver.getSpec(), container);
    assertThat(driver.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(60);
    assertThat(Pods.emptyDirs(driver.getSpec(), container))
        .contains(CACHE, "/tmp", "/opt/spark/work-dir");
    assertThat(Pods.emptyDirs(driver.getSpec(), container))
        .anyMatch(path -> path.startsWith("/var/data"));
  }

  @Test
  void theDriverIsToldWhatItsExecutorsNeed() throws InterruptedException {
    String map =
        driver.getSpec().getVolumes().stream()
            .filter(volume -> volume.getName().equals("spark-conf-volume-driver"))
            .map(volume -> volume.getConfigMap().getName())
            .findFirst()
            .orElseThrow();
    String properties = server.configMap(Submission.NAMESPACE, map).get("spark.properties");

    assertThat(properties.lines())
        .contains(
            "spark.executor.resource.gpu.amount=1",
            "spark.executor.resource.gpu.vendor=nvidia.com",
            "spark.kubernetes.authenticate.executor.serviceAccountName=splitmask-executor",
            "spark.executorEnv.LC_ALL=C.UTF-8");
  }

  @Test
  void anExecutorsPodIsAsIntended() {
    PodSpec spec = executor.getSpec();
    Container container = Kubelet.containerOf(executor);

    assertThat(container.getImage()).isEqualTo(Submission.IMAGE);
    assertThat(container.getArgs()).containsExactly("executor");
    assertThat(container.getResources().getLimits())
        .containsEntry("memory", new Quantity("1200Mi"))
        .containsEntry("nvidia.com/gpu", new Quantity("1"));
    assertThat(container.getResources().getRequests()).containsEntry("cpu", new Quantity("2"));
    assertThat(spec.getNodeSelector()).containsEntry("nvidia.com/gpu.present", "true");
    assertThat(spec.getTolerations())
        .anyMatch(toleration -> toleration.getKey().equals("nvidia.com/gpu"));
    assertThat(spec.getServiceAccountName()).isEqualTo("splitmask-executor");
    assertThat(spec.getAutomountServiceAccountToken()).isFalse();
    assertThat(Pods.environment(container)).containsEntry("LC_ALL", "C.UTF-8");
    assertThat(Pods.environment(container).values())
        .contains("-Dorg.bytedeco.javacpp.cachedir=" + CACHE);
    assertThat(container.getLifecycle().getPreStop().getExec().getCommand())
        .containsExactly("/opt/decom.sh");
    assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(90);
    assertThat(executor.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/component", "executor");
    assertThat(executor.getMetadata().getOwnerReferences())
        .anyMatch(owner -> owner.getName().equals(driver.getMetadata().getName()));
    Pods.assertHardened(spec, container);
    assertThat(Pods.emptyDirs(spec, container)).contains(CACHE, "/tmp", "/opt/spark/work-dir");
  }

  @Test
  void theRolesGrantWhatIsAskedForAndLittleElse() throws IOException {
    Set<String> granted = Roles.granted("splitmask-driver");
    Set<String> asked = Roles.asked(server.requests(), "splitmask");

    assertThat(granted).containsAll(asked);
    assertThat(without(granted, asked)).containsExactly("delete pods", "patch pods");

    Set<String> forSubmission = Roles.granted("splitmask-submit");
    Set<String> submitted = Roles.asked(server.requests(), Submission.SUBMITTER);

    assertThat(forSubmission).containsAll(submitted);
    assertThat(without(forSubmission, submitted))
        .containsExactly(
            "delete configmaps", "delete pods", "delete services", "get pods/log", "list pods");
    // Executors have no account to ask with.
    assertThat(server.requests().stream().map(ApiRequest::token))
        .containsOnly("splitmask", Submission.SUBMITTER);
  }

  @Test
  void prometheusFindsTheFiguresWhereTheAnnotationsSay() {
    assertThat(scraper.found(DRIVER_METRICS)).contains("metrics_splitmask_driver_");
    assertThat(scraper.found(EXECUTOR_METRICS)).contains("metrics_executor_");
  }

  @Test
  void helpEndsWithZero() throws Exception {
    Submission.Outcome outcome = kubelet.runAgain(driver, List.of("--help"));

    assertThat(outcome.log()).contains("Usage: prepare");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void aWrongKeyEndsWithTwoInThePodAndWithZeroInSparkSubmit() throws Exception {
    List<String> arguments = Stream.concat(prepare().stream(), Stream.of("no-such-key=1")).toList();

    Submission.Outcome outcome =
        Submission.plain(server, image)
            .with("spark.driver.memory=700m")
            .run(PREPARE_JAR, "org.splitmask.prep.PrepareApp", arguments);

    Pod pod = server.podsAskedFor().get(server.podsAskedFor().size() - 1);
    assertThat(kubelet.log(pod)).contains("no-such-key");
    assertThat(kubelet.exitCode(pod)).isEqualTo(2);
    // What docs/kubernetes.md says of Spark's submission: it tells, and returns 0 all the same.
    assertThat(outcome.log()).containsPattern("exit code: 2").containsPattern("phase: Failed");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void whatTheOperatorSubmitsForTheTrainingIsAsIntended() throws Exception {
    JsonNode application = Applications.named("splitmask-train", "s3");
    JsonNode spec = Applications.spec(application);
    List<String> arguments = Applications.arguments(application);

    try (ApiServer other = new ApiServer()) {
      Submission.Outcome outcome =
          Submission.ofOperator(other, image, spec, FOLDER.resolve("operator"))
              .run(
                  spec.get("mainApplicationFile").asText(),
                  spec.get("mainClass").asText(),
                  arguments);

      assertThat(outcome.exitCode()).as(outcome.log()).isZero();
      Pod pod = other.podsAskedFor().get(0);
      Container container = Kubelet.containerOf(pod);
      assertThat(container.getArgs())
          .containsSubsequence(
              "org.splitmask.train.TrainApp", "local:///opt/splitmask/jars/spark-job.jar")
          .containsSubsequence(arguments);
      assertThat(container.getImage()).isEqualTo(spec.get("image").asText());
      assertThat(container.getResources().getLimits())
          .containsEntry("memory", new Quantity("3072Mi"));
      assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("splitmask");
      Pods.assertHardened(pod.getSpec(), container);
      assertThat(Pods.emptyDirs(pod.getSpec(), container)).contains(CACHE, "/tmp");
      assertThat(container.getVolumeMounts())
          .extracting(VolumeMount::getMountPath)
          .contains("/etc/splitmask");
      assertThat(container.getEnv())
          .filteredOn(variable -> variable.getName().equals("AWS_SECRET_ACCESS_KEY"))
          .singleElement()
          .extracting(variable -> variable.getValueFrom().getSecretKeyRef().getName())
          .isEqualTo("splitmask-s3");
      assertThat(container.getEnv())
          .filteredOn(variable -> variable.getName().equals("CATALOG_PASSWORD"))
          .singleElement()
          .extracting(variable -> variable.getValueFrom().getSecretKeyRef().getName())
          .isEqualTo("splitmask-catalog");
    }
  }

  private static List<String> prepare() throws IOException {
    return List.of(
        "--input",
        Pictures.in(FOLDER.resolve("pictures"), 6).toUri().toString(),
        "--output",
        FOLDER.resolve("table").toUri().toString(),
        "image-size=32",
        "patch-size=8");
  }

  /** Stands for Spark's getGpusResources.sh, which asks nvidia-smi. */
  private static Path gpuScript() throws IOException {
    Path script = Files.createDirectories(FOLDER).resolve("gpus.sh");
    Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private static Pod podOf(String role) {
    return server.podsAskedFor().stream()
        .filter(pod -> role.equals(pod.getMetadata().getLabels().get("spark-role")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(submission + " " + server.requests()));
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
