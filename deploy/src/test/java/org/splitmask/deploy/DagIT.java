/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests of Airflow's DAG, which are written in Python, with a real Airflow. */
class DagIT {
  private static final Path AIRFLOW = Path.of("airflow").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void itsTestsPass() throws IOException, InterruptedException {
    String python = System.getenv("SPLITMASK_AIRFLOW_PYTHON");
    assumeTrue(
        python != null && !python.isEmpty(),
        "no SPLITMASK_AIRFLOW_PYTHON, a Python with deploy/airflow/requirements-test.txt");
    Path log = folder.resolve("pytest.log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"))
            .directory(AIRFLOW.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();

    assertThat(ended).as("ten minutes were not enough").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).containsPattern("\\d+ passed");
  }
}
