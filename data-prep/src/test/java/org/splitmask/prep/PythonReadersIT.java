/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;

/** Other programs' readers see what ours sees. SPLITMASK_PYTHON names a Python that has them. */
class PythonReadersIT extends RerunFixture {
  private static final Path SCRIPT = Path.of("src/test/python/read_table.py");
  private static final Configuration HADOOP = new Configuration();

  @Test
  void pyIcebergDuckDbAndPyArrowReadTheTableThatTwoRunsMade() throws Exception {
    String python = Objects.requireNonNullElse(System.getenv("SPLITMASK_PYTHON"), "python3");
    boolean there = isThere(python);
    if (!there) {
      System.err.println("SKIPPED: " + python + " has no duckdb, numpy, pyarrow and pyiceberg");
    }
    assumeThat(there).as("the packages of %s", SCRIPT.resolveSibling("requirements.txt")).isTrue();
    prepare();
    write("hats/new.jpg", jpeg(noise(50, 40, 100)));
    write("hats/bad.jpg", new byte[] {1, 2, 3});
    Files.delete(input.resolve("bags/5.jpg"));
    prepare();
    TableSnapshot snapshot = PatchTable.open(table, HADOOP).snapshot();
    List<String> command = new ArrayList<>(List.of(python, SCRIPT.toString(), table));
    snapshot.dataFiles().forEach(file -> command.add(file.replace("file:", "")));

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines()).hasSize(30).containsExactlyElementsOf(ours(snapshot));
  }

  private static boolean isThere(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "import duckdb, numpy, pyarrow, pyiceberg")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> ours(TableSnapshot snapshot) {
    List<String> lines = new ArrayList<>();
    for (Split split : Split.values()) {
      for (RowGroup group : snapshot.rowGroups(split)) {
        for (PatchRow row : RowGroupReader.read(group, HADOOP)) {
          byte[] pixels = Patchifier.join(row.patches(), snapshot.shape());
          lines.add(
              String.join(" ", row.imageId(), split.word(), row.label(), ContentHash.of(pixels)));
        }
      }
    }
    return lines.stream().sorted().toList();
  }
}
