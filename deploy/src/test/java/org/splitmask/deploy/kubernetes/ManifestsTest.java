/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of deploy/kubernetes are what Kubernetes and the operator take, and say the same. */
class ManifestsTest {
  private static final List<String> ROLES = List.of("driver", "executor");

  /** Where the applications have the files of conf. */
  private static final Path CONF = Path.of("/etc/splitmask");

  /** Settings that the operator has fields for, and refuses or overrides in sparkConf. */
  private static final List<String> FIELDS =
      List.of(
          "spark.kubernetes.container.image.pullPolicy",
          "spark.kubernetes.authenticate.driver.serviceAccountName",
          "spark.kubernetes.authenticate.executor.serviceAccountName");

  static List<Path> files() throws IOException {
    return Manifests.files();
  }

  static List<String> overlays() {
    return List.of("s3", "pvc");
  }

  @Test
  void theFilesAreSeen() throws IOException {
    assertThat(files())
        .contains(
            Manifests.FOLDER.resolve("templates/driver.yaml"),
            Manifests.FOLDER.resolve("base/applications/train.yaml"),
            Manifests.FOLDER.resolve("overlays/s3/kustomization.yaml"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileIsWhatItsKindTakes(Path file) throws IOException {
    for (JsonNode document : Manifests.read(file)) {
      // The rest is kustomize's own, and kubectl reads it in the tests below.
      if (Manifests.isOfKubernetes(document)) {
        assertThat(Manifests.typed(document)).isNotNull();
      } else if (Manifests.kind(document).startsWith(Applications.OPERATOR)) {
        assertThat(Applications.schema(document).errors(document)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everyOverlayRendersToWhatKubernetesAndTheOperatorTake(String overlay) throws IOException {
    List<JsonNode> documents = Applications.rendered(overlay);

    assertThat(documents)
        .extracting(Manifests::kind)
        .contains(
            Applications.OPERATOR + "SparkApplication",
            Applications.OPERATOR + "ScheduledSparkApplication",
            "v1/ConfigMap");
    for (JsonNode document : documents) {
      if (Manifests.kind(document).startsWith(Applications.OPERATOR)) {
        assertThat(Applications.schema(document).errors(document)).isEmpty();
        for (String role : ROLES) {
          assertThat(Applications.template(document, role)).isNotNull();
        }
      } else {
        assertThat(Manifests.typed(document)).isNotNull();
      }
    }
  }

  /** {@code ./mvnw ... -Dsplitmask.operator-crds=FOLDER}, with the CRDs of the operator's chart. */
  @ParameterizedTest
  @MethodSource("overlays")
  void everyOverlayKeepsToThePublishedDefinitions(String overlay) throws IOException {
    assumeTrue(!Applications.CRDS.isEmpty(), "no -Dsplitmask.operator-crds");
    for (JsonNode application : Applications.applications(overlay)) {
      assertThat(Applications.published(application.get("kind").asText()).errors(application))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void theApplicationsHaveTheSettingsOfKubernetesConf(String overlay) throws IOException {
    Map<String, String> wanted = Submission.kubernetesConf();
    FIELDS.forEach(wanted::remove);

    for (JsonNode application : Applications.applications(overlay)) {
      Map<String, String> settings = new TreeMap<>();
      Applications.spec(application)
          .get("sparkConf")
          .fields()
          .forEachRemaining(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
      assertThat(settings)
          .containsAllEntriesOf(wanted)
          .doesNotContainKeys(FIELDS.toArray(String[]::new));
      assertThat(settings.keySet())
          .noneMatch(key -> key.startsWith("spark.kubernetes.authenticate."))
          // The operator sets it to false, and a worker of the operator's would wait here.
          .doesNotContain("spark.kubernetes.submission.waitAppCompletion", "spark.master");
      Map<String, String> conf = Submission.kubernetesConf();
      assertThat(Applications.spec(application).at("/imagePullPolicy").asText())
          .isEqualTo(conf.get(FIELDS.get(0)));
      assertThat(Applications.spec(application).at("/driver/serviceAccount").asText())
          .isEqualTo(conf.get(FIELDS.get(1)));
      assertThat(Applications.spec(application).at("/executor/serviceAccount").asText())
          .isEqualTo(conf.get(FIELDS.get(2)));
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void podsAreHardenedAndAreThoseOfTheTemplates(String overlay) throws IOException {
    for (JsonNode application : Applications.applications(overlay)) {
      for (String role : ROLES) {
        PodSpec spec = Applications.template(application, role).getSpec();
        PodSpec plain = Applications.podTemplate(role).getSpec();
        assertThat(spec.getSecurityContext()).isEqualTo(plain.getSecurityContext());
        assertThat(spec.getVolumes()).containsAll(plain.getVolumes());
        Container container = spec.getContainers().get(0);
        assertThat(container.getSecurityContext())
            .isEqualTo(plain.getContainers().get(0).getSecurityContext());
        assertThat(container.getName()).isEqualTo("spark-kubernetes-" + role);
        assertThat(container.getVolumeMounts()).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void theTemplateForGpusIsAnExecutorsWithItsPlace() throws IOException {
    PodSpec gpu = Applications.podTemplate("executor-gpu").getSpec();

    assertThat(gpu.getNodeSelector()).containsEntry("nvidia.com/gpu.present", "true");
    assertThat(gpu.getTolerations()).hasSize(1);
    gpu.setNodeSelector(new HashMap<>());
    gpu.setTolerations(new ArrayList<>());
    assertThat(gpu).isEqualTo(Applications.podTemplate("executor").getSpec());
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void theCommandsCanStart(String overlay) throws Exception {
    ConfigMap conf =
        Applications.rendered(overlay).stream()
            .filter(document -> Manifests.kind(document).equals("v1/ConfigMap"))
            .map(document -> (ConfigMap) Manifests.typed(document))
            .findFirst()
            .orElseThrow();

    for (JsonNode application : Applications.applications(overlay)) {
      JsonNode spec = Applications.spec(application);
      assertThat(Class.forName(spec.get("mainClass").asText())).hasDeclaredMethods("main");
      assertThat(spec.get("mainApplicationFile").asText())
          .startsWith(Submission.JARS_FOLDER)
          .endsWith(
              spec.get("mainClass").asText().contains(".prep.")
                  ? "/data-prep.jar"
                  : "/spark-job.jar");
      List<String> arguments = Applications.arguments(application);
      assertThat(arguments).contains("--result");
      boolean evaluates = spec.get("mainClass").asText().endsWith(".EvaluateApp");
      assertThat(arguments).contains(evaluates ? "--run" : "--output");
      if (!evaluates) { // which reads the run's own configuration
        Path config = Path.of(Applications.valueOf("--config", arguments));
        assertThat(config).hasParentRaw(CONF);
        assertThat(conf.getData()).containsKey(config.getFileName().toString());
      }
      if (arguments.contains("--catalog")) {
        Path catalog = Path.of(Applications.valueOf("--catalog", arguments));
        assertThat(catalog).hasParentRaw(CONF);
        assertThat(conf.getData()).containsKey(catalog.getFileName().toString());
      }

      PodSpec driver = Applications.template(application, "driver").getSpec();
      assertThat(driver.getVolumes())
          .anyMatch(
              volume ->
                  volume.getConfigMap() != null
                      && volume.getConfigMap().getName().equals(conf.getMetadata().getName()));
      assertThat(driver.getContainers().get(0).getVolumeMounts())
          .anyMatch(mount -> mount.getMountPath().equals(CONF.toString()));
    }
  }

  /** Else the evaluation would look for the training's results elsewhere. */
  @ParameterizedTest
  @MethodSource("overlays")
  void theEvaluationReadsTheRunThatTheTrainingWrites(String overlay) {
    List<String> train = Applications.arguments(Applications.named("splitmask-train", overlay));
    List<String> evaluate =
        Applications.arguments(Applications.named("splitmask-evaluate", overlay));

    assertThat(Applications.valueOf("--run", evaluate))
        .isEqualTo(Applications.valueOf("--output", train));
    for (String option : List.of("--table", "--catalog")) {
      assertThat(evaluate.contains(option)).isEqualTo(train.contains(option));
      if (train.contains(option)) {
        assertThat(Applications.valueOf(option, evaluate))
            .isEqualTo(Applications.valueOf(option, train));
      }
    }
  }

  /** The API server refuses a binding of an account without its namespace. */
  @ParameterizedTest
  @ValueSource(strings = {"accounts", "overlays/s3", "overlays/pvc"})
  void theDriversRoleIsBoundToItsAccount(String folder) {
    assumeTrue(Manifests.hasKubectl(), "no kubectl on PATH to render the accounts with");
    RoleBinding binding =
        Manifests.render(Manifests.FOLDER.resolve(folder)).stream()
            .filter(document -> document.path("kind").asText().equals("RoleBinding"))
            .map(document -> (RoleBinding) Manifests.typed(document))
            .findFirst()
            .orElseThrow();

    assertThat(binding.getRoleRef().getName()).isEqualTo("splitmask-driver");
    assertThat(binding.getSubjects())
        .extracting(Subject::getName, Subject::getNamespace)
        .containsExactly(tuple("splitmask", binding.getMetadata().getNamespace()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"securityContex", "nodeSelectors"})
  void aKeyThatKubernetesLacksIsFound(String key) throws IOException {
    JsonNode pod = Manifests.read(Manifests.FOLDER.resolve("templates/driver.yaml")).get(0);
    ((ObjectNode) pod.get("spec")).putObject(key);

    assertThatThrownBy(() -> Manifests.typed(pod)).hasMessageContaining(key);
  }

  @Test
  void aKeyThatTheOperatorLacksIsFoundAndAValueOfAnotherType() throws IOException {
    JsonNode train =
        Manifests.read(Manifests.FOLDER.resolve("base/applications/train.yaml")).get(0);
    ObjectNode spec = (ObjectNode) train.get("spec");
    spec.put("restartPolice", "Never");
    spec.put("mode", "clustered");
    ((ObjectNode) spec.get("executor")).put("instances", "2");
    spec.remove("sparkVersion");

    assertThat(Applications.schema(train).errors(train))
        .containsExactlyInAnyOrder(
            "/spec/restartPolice: there is no such key",
            "/spec/mode: should be one of [\"cluster\",\"client\"], is \"clustered\"",
            "/spec/executor/instances: should be integer, is \"2\"",
            "/spec: sparkVersion is missing");
  }

  @Test
  void theFilesOfTheConfigMapAreThoseOfConf() throws IOException {
    List<String> named = new ArrayList<>();
    Manifests.read(SparkImage.REPOSITORY.resolve("conf/kustomization.yaml"))
        .get(0)
        .at("/configMapGenerator/0/files")
        .forEach(file -> named.add(file.asText()));

    try (Stream<Path> files = Files.list(SparkImage.REPOSITORY.resolve("conf"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(file -> file.matches("(catalog|prepare|vit-.*)\\.yaml"))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }
}
