/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pods of the overlays are given by reference: the secrets, and what the catalog needs.
 */
class OverlaySecretsTest {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([^}]*)}");

  static List<String> overlays() {
    return List.of("s3", "pvc");
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void secretsAreThereByReferenceAlone(String overlay) throws IOException {
    assertThat(Applications.rendered(overlay))
        .extracting(Manifests::kind)
        .doesNotContain("v1/Secret");
    for (JsonNode application : Applications.applications(overlay)) {
      for (String role : List.of("driver", "executor")) {
        List<EnvVar> variables =
            Applications.template(application, role).getSpec().getContainers().get(0).getEnv();
        assertThat(variables)
            .filteredOn(variable -> variable.getName().matches(".*(KEY|SECRET|TOKEN|PASSWORD).*"))
            .allMatch(variable -> variable.getValue() == null && variable.getValueFrom() != null);
        assertThat(variables)
            .extracting(EnvVar::getName)
            .containsExactlyInAnyOrderElementsOf(variables(overlay, role));
      }
      assertThat(Applications.template(application, "executor").getSpec().getVolumes())
          .extracting(Volume::getSecret)
          .containsOnlyNulls();
    }
  }

  /** The store's keys for all; for the driver also what the catalog file refers to. */
  private static Set<String> variables(String overlay, String role) throws IOException {
    Set<String> names = new TreeSet<>();
    if (overlay.equals("s3")) {
      names.addAll(List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"));
      if (role.equals("driver")) {
        Matcher reference = REFERENCE.matcher(catalogFile());
        while (reference.find()) {
          names.add(reference.group(1));
        }
      }
    }
    return names;
  }

  /** conf/catalog.yaml without its comments. */
  private static String catalogFile() throws IOException {
    return Files.readAllLines(SparkImage.REPOSITORY.resolve("conf/catalog.yaml")).stream()
        .filter(line -> !line.startsWith("#"))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void theTableOfTheOverlayIsInTheCatalogOfTheConfiguration() throws IOException {
    String name = Manifests.parse(catalogFile()).get(0).get("name").asText();

    for (JsonNode application : Applications.applications("s3")) {
      List<String> arguments = Applications.arguments(application);
      String option = arguments.contains("--table") ? "--table" : "--output";
      assertThat(Applications.valueOf(option, arguments)).matches(name + "(\\.[a-z0-9_]+){2,}");
    }
  }
}
