/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.train.export.NamedVectors;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.local.ReferenceCurve;
import org.splitmask.train.splitmask.ReferenceComparison;
import org.splitmask.train.splitmask.SplitMaskNetwork;
import org.splitmask.train.tensors.SafeTensors;

/**
 * The network beside the PyTorch reference, which computes here and now ({@link ReferenceFiles}).
 * All cases: {@code ./mvnw verify -Dsplitmask.reference=full -Dit.test=ReferenceIT}.
 */
class ReferenceIT {
  private static final Path SCRIPTS = Path.of("src/test/python");

  @TempDir private static Path folder;
  private static List<Path> files = List.of();

  @BeforeAll
  static void makeReference() throws Exception {
    files = ReferenceFiles.paths(Path.of(""), folder);
  }

  @Test
  void everyCaseAgrees() {
    int curves = 0;
    for (Path file : files) {
      ReferenceCase reference = ReferenceCase.read(file);
      ReferenceComparison.assertSameTensors(reference);
      ReferenceComparison.assertAgrees(reference);
      if (reference.has("loss.curve")) {
        ReferenceCurve.assertFollowed(reference);
        curves++;
      }
    }
    assertThat(curves).isEqualTo(2);
  }

  /** The other way: our weights in the reference, which computes what we compute. */
  @Test
  void theReferenceReadsOurWeights() throws Exception {
    assumeThat(files.get(0)).as("a file that PyTorch wrote just now").startsWith(folder);
    for (String objective : List.of("splitmask", "beit")) {
      Path file =
          files.stream()
              .filter(path -> path.getFileName().toString().startsWith(objective))
              .findFirst()
              .orElseThrow();
      ReferenceCase reference = ReferenceCase.read(file);
      SplitMaskNetwork network = reference.network();
      Path weights = folder.resolve("weights.st");
      float[] vector = NativeMemory.toArray(network.parameters());
      write(weights, NamedVectors.toTensors(vector, network.manifest()));
      Path expected = folder.resolve("expected.st");
      Map<String, SafeTensors.Tensor> computed =
          ReferenceComparison.compute(network, reference, reference.batch(0));
      write(expected, new SafeTensors(Map.of(), computed));
      List<String> command = new ArrayList<>();
      command.add(SCRIPTS.resolve("check_weights.py").toString());
      command.addAll(List.of("--weights", weights.toString(), "--case", file.toString()));
      command.addAll(List.of("--expect", expected.toString()));
      assertThat(ReferenceFiles.python(command)).isEmpty();
    }
  }

  private static void write(Path file, SafeTensors tensors) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      tensors.write(out);
    }
  }
}
