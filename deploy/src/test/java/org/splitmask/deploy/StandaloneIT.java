/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.deploy.Installation.Outcome;
import org.splitmask.train.TestPictures;
import org.splitmask.train.TinyModel;

/** The distribution on Spark's own cluster manager: a master and two workers of one core each. */
class StandaloneIT {
  private static final List<Process> CLUSTER = new ArrayList<>();

  @TempDir private static Path folder;
  private static Installation installation;
  private static String master = "";

  @BeforeAll
  static void startTheCluster() throws IOException, InterruptedException {
    installation = Installation.in(folder.resolve("installed"));
    TestPictures.write(folder.resolve("pictures"), 24, 24);
    int port = freePort();
    master = "spark://127.0.0.1:" + port;
    CLUSTER.add(
        installation.sparkClass(
            Map.of("SPARK_NO_DAEMONIZE", "1"),
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            String.valueOf(port),
            "--webui-port",
            "0"));
    awaitListening(port);
    for (int worker = 0; worker < 2; worker++) {
      Path work = Files.createDirectory(folder.resolve("worker" + worker));
      CLUSTER.add(
          installation.sparkClass(
              Map.of(),
              "org.apache.spark.deploy.worker.Worker",
              "--host",
              "127.0.0.1",
              "--cores",
              "2",
              "--memory",
              "2g",
              "--webui-port",
              "0",
              "--work-dir",
              work.toString(),
              master));
    }
  }

  @AfterAll
  static void stopTheCluster() throws InterruptedException {
    for (Process process : CLUSTER) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    for (Process process : CLUSTER) {
      process.waitFor();
    }
  }

  @Test
  void bothModesPrepareAndTrainToTheSameBits() throws IOException {
    for (String mode : List.of("client", "cluster")) {
      Path at = Files.createDirectory(folder.resolve(mode));
      splitmask("prepare", mode, prepare(at, at.resolve("prepare.json"))).succeeded();
      splitmask("train", mode, train(at, at.resolve("train.json"))).succeeded();

      assertThat(result(at.resolve("prepare.json")).json().path("accepted").asInt()).isEqualTo(24);
      assertThat(result(at.resolve("train.json")).json().path("rounds").asInt()).isPositive();
    }
    assertThat(parameters(folder.resolve("cluster")))
        .isEqualTo(parameters(folder.resolve("client")));
  }

  @Test
  void aFailureHasItsCodeInClientModeAndIsAFailureInClusterMode() throws IOException {
    Path client = folder.resolve("wrong-client.json");
    Path cluster = folder.resolve("wrong-cluster.json");
    List<Object> words =
        List.of("--input", folder.resolve("none"), "--output", folder.resolve("t"));

    assertThat(splitmask("prepare", "client", words, List.of("--result", client)).exitCode())
        .isEqualTo(2);
    assertThat(splitmask("prepare", "cluster", words, List.of("--result", cluster)).exitCode())
        .isNotZero();
    for (Path result : List.of(client, cluster)) {
      Outcome outcome = result(result);
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.err()).contains("error: ", "none");
    }
  }

  private static List<Object> prepare(Path at, Path result) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("--input", folder.resolve("pictures"), "--output", at.resolve("table")));
    words.addAll(List.of("--result", result));
    words.addAll(TinyModel.PREPARATION);
    return words;
  }

  private static List<Object> train(Path at, Path result) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("--table", at.resolve("table"), "--output", at.resolve("run")));
    words.addAll(List.of("--result", result));
    words.addAll(TinyModel.TRAINING);
    return words;
  }

  private static Outcome splitmask(String command, String mode, List<?>... words)
      throws IOException {
    List<Object> all = new ArrayList<>(List.of(command, "--master", master));
    all.addAll(List.of("--deploy-mode", mode, "--executor-memory", "900m"));
    all.addAll(List.of("--driver-memory", "900m", "--conf", "spark.ui.enabled=false"));
    for (List<?> some : words) {
      all.addAll(some);
    }
    return installation.splitmask(Map.of(), all);
  }

  private static Outcome result(Path file) throws IOException {
    return installation.splitmask(Map.of(), List.of("result", file));
  }

  private static byte[] parameters(Path at) throws IOException {
    try (var files = Files.walk(at.resolve("run/checkpoints"))) {
      Path last =
          files.filter(file -> file.endsWith("parameters.safetensors")).sorted().toList().get(0);
      return Files.readAllBytes(last);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListening(int port) throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    throw new AssertionError("no master after a minute");
  }
}
