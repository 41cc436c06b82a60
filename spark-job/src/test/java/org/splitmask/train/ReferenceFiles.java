/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The matrix of the PyTorch reference: objective × positions × geometry × negatives, every pair of
 * levels in some case, at width 48. SPLITMASK_PYTHON names a Python that has what
 * spark-job/src/test/python/requirements.txt lists; where there is none, the stored results of
 * smaller networks have to do. All 32 cases: {@code -Dsplitmask.reference=full}.
 */
public final class ReferenceFiles {
  private static final String MATRIX = System.getProperty("splitmask.reference", "pairwise");
  private static final String PYTHON =
      Objects.requireNonNullElse(System.getenv("SPLITMASK_PYTHON"), "python3");

  private ReferenceFiles() {}

  /**
   * The cases, computed here and now where there is PyTorch.
   *
   * @param module the folder of spark-job
   * @param folder for new files
   */
  public static List<ReferenceCase> make(Path module, Path folder)
      throws IOException, InterruptedException {
    return paths(module, folder).stream().map(ReferenceCase::read).toList();
  }

  static List<Path> paths(Path module, Path folder) throws IOException, InterruptedException {
    if (!python(List.of("-c", "import numpy, PIL, safetensors, torch")).isEmpty()) {
      System.err.println(
          "REFERENCE: " + PYTHON + " has no PyTorch; the stored results are compared with instead");
      return ReferenceCase.storedMatrix().stream()
          .map(name -> module.resolve("src/test/resources/fixtures/" + name + ".safetensors"))
          .toList();
    }
    System.err.println("REFERENCE: PyTorch of " + PYTHON + " computes the " + MATRIX + " matrix");
    List<String> command = new ArrayList<>();
    command.add(module.resolve("src/test/python/make_fixtures.py").toString());
    command.addAll(List.of("--output", folder.toString(), "--matrix", MATRIX, "--width", "48"));
    assertThat(python(command)).isEmpty();
    try (Stream<Path> made = Files.list(folder)) {
      List<Path> files = made.sorted().toList();
      assertThat(files).hasSize(MATRIX.equals("full") ? 32 : 8);
      return files;
    }
  }

  /** Nothing if it went well, else what it said. */
  static String python(List<String> arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? "" : "exit " + process.exitValue() + ": " + said;
    } catch (IOException e) {
      return e.toString();
    }
  }
}
