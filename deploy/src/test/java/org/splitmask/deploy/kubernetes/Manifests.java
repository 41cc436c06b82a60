/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The YAML files of deploy/kubernetes, read strictly. */
final class Manifests {
  static final Path FOLDER = Path.of("kubernetes").toAbsolutePath();

  /** The kinds of Kubernetes' own that are used, by apiVersion and kind. */
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "v1/ConfigMap", ConfigMap.class,
          "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
          "v1/Pod", Pod.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "rbac.authorization.k8s.io/v1/Role", Role.class,
          "rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class);

  private static final YAMLFactory YAML =
      YAMLFactory.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();
  private static final ObjectMapper READER =
      new ObjectMapper(YAML).enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /** The client's types swallow what they do not know, unless one hides where they keep it. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  private Manifests() {}

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  static List<JsonNode> read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static List<JsonNode> parse(String text) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (YAMLParser parser = YAML.createParser(text)) {
      READER
          .readerFor(JsonNode.class)
          .<JsonNode>readValues(parser)
          .forEachRemaining(documents::add);
    }
    return documents;
  }

  /** One document; Jackson alone would not follow its anchors. */
  static JsonNode parseWithAnchors(String text) {
    return new ObjectMapper().valueToTree(new Yaml().load(text));
  }

  static boolean isOfKubernetes(JsonNode document) {
    return KINDS.containsKey(kind(document));
  }

  /** An object of one of Kubernetes' own kinds; fails on a key that the kind does not have. */
  static HasMetadata typed(JsonNode document) {
    Class<? extends HasMetadata> type = KINDS.get(kind(document));
    if (type == null) {
      throw new AssertionError("no kind of Kubernetes that is known here: " + kind(document));
    }
    return typed(document, type);
  }

  static <T> T typed(JsonNode document, Class<T> type) {
    try {
      return STRICT.treeToValue(document, type);
    } catch (IOException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  static String kind(JsonNode document) {
    return document.path("apiVersion").asText() + "/" + document.path("kind").asText();
  }

  /** What kubectl makes of a folder. */
  static List<JsonNode> render(Path kustomization) {
    try {
      Process process =
          new ProcessBuilder("kubectl", "kustomize", kustomization.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("kubectl kustomize " + kustomization + " failed");
      }
      return parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean hasKubectl() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
  }
}
