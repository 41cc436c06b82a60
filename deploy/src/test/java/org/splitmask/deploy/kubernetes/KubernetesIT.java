/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesIT {
  Path folder = Path.of("target/kubernetes-it").toAbsolutePath();

  @Test
  void aPreparationRuns() throws Exception {
    try (ApiServer server = new ApiServer()) {
      SparkImage image = SparkImage.in(folder.resolve("image"));
      try (Kubelet kubelet = new Kubelet(server, image, folder.resolve("pods"))) {
        Path pictures = Pictures.in(folder.resolve("pictures"), 12);
        Submission.Outcome submission =
            new Submission(server, image)
                .with("spark.executor.instances=1")
                .run(
                    "data-prep",
                    "org.splitmask.prep.PrepareApp",
                    List.of(
                        "--input",
                        pictures.toUri().toString(),
                        "--output",
                        folder.resolve("table").toUri().toString(),
                        "image-size=32",
                        "patch-size=8"));
        System.err.println(submission.log());
        for (Pod pod : server.podsAskedFor()) {
          System.err.println("=== " + pod.getMetadata().getName());
          System.err.println(io.fabric8.kubernetes.client.utils.Serialization.asYaml(pod));
          System.err.println(kubelet.log(pod));
        }
        server.requests().stream()
            .map(r -> r.token() + " " + r.verb() + " " + r.resource())
            .distinct()
            .forEach(System.err::println);
        assertThat(submission.exitCode()).isZero();
      }
    }
  }
}
