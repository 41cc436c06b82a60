/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The applications of the overlays, for the Kubeflow operator. */
final class Applications {
  static final String OPERATOR = "sparkoperator.k8s.io/v1beta2/";

  /** A folder with the operator's published CRDs, for the test that compares with them. */
  static final String CRDS = System.getProperty("splitmask.operator-crds", "");

  private Applications() {}

  /** The documents of an overlay, as kubectl renders it; without kubectl the test is skipped. */
  static List<JsonNode> rendered(String overlay) {
    assumeTrue(Manifests.hasKubectl(), "no kubectl on PATH to render the overlays with");
    return Manifests.render(Manifests.FOLDER.resolve("overlays").resolve(overlay));
  }

  /** The operator's applications of an overlay. */
  static List<JsonNode> applications(String overlay) {
    List<JsonNode> applications =
        rendered(overlay).stream()
            .filter(document -> Manifests.kind(document).startsWith(OPERATOR))
            .toList();
    assertThat(applications).hasSize(3);
    return applications;
  }

  /** Of a schedule, the application that it makes. */
  static JsonNode spec(JsonNode application) {
    JsonNode spec = application.get("spec");
    return spec.has("schedule") ? spec.get("template") : spec;
  }

  /** The operator's template of a role's pods. */
  static PodTemplateSpec template(JsonNode application, String role) {
    return Manifests.typed(spec(application).get(role).get("template"), PodTemplateSpec.class);
  }

  /** The template of that name for a plain spark-submit. */
  static Pod podTemplate(String name) throws IOException {
    return (Pod)
        Manifests.typed(
            Manifests.read(Manifests.FOLDER.resolve("templates/" + name + ".yaml")).get(0));
  }

  /** What the operator takes, as this project has written it down. */
  static StructuralSchema schema(JsonNode document) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(
            Applications.class.getResourceAsStream("sparkoperator-v1beta2.yaml"))) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return new StructuralSchema(
          Manifests.parseWithAnchors(text).get(document.get("kind").asText()));
    }
  }

  /** What the operator takes, as it has published it in {@link #CRDS}. */
  static StructuralSchema published(String kind) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(CRDS))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
        for (JsonNode crd : Manifests.read(file)) {
          if (crd.at("/spec/names/kind").asText().equals(kind)) {
            assertThat(crd.at("/spec/versions/0/name").asText()).isEqualTo("v1beta2");
            return new StructuralSchema(crd.at("/spec/versions/0/schema/openAPIV3Schema"));
          }
        }
      }
    }
    throw new AssertionError("no definition of " + kind + " in " + CRDS);
  }

  /** One of an overlay's applications. */
  static JsonNode named(String name, String overlay) {
    return applications(overlay).stream()
        .filter(application -> application.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The words of its command. */
  static List<String> arguments(JsonNode application) {
    List<String> arguments = new ArrayList<>();
    spec(application).get("arguments").forEach(argument -> arguments.add(argument.asText()));
    return arguments;
  }

  /** The word behind an option. */
  static String valueOf(String option, List<String> arguments) {
    return arguments.get(arguments.indexOf(option) + 1);
  }
}
