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

/** Spark's own cluster manager in processes of this machine: a master, and workers of two cores. */
final class StandaloneCluster implements AutoCloseable {
  private final Installation installation;
  private final Path folder;
  private final String address;
  private final Process master;
  private final List<Process> workers = new ArrayList<>();

  private StandaloneCluster(Installation installation, Path folder, int port, Process master) {
    this.installation = installation;
    this.folder = folder;
    this.address = "spark://127.0.0.1:" + port;
    this.master = master;
  }

  /**
   * Starts a cluster.
   *
   * @param folder for the workers' files
   */
  static StandaloneCluster start(Installation installation, Path folder, int workers)
      throws IOException, InterruptedException {
    int port = freePort();
    Process master =
        installation.sparkClass(
            Map.of("SPARK_NO_DAEMONIZE", "1"),
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            String.valueOf(port),
            "--webui-port",
            "0");
    awaitListening(port);
    StandaloneCluster cluster = new StandaloneCluster(installation, folder, port, master);
    for (int worker = 0; worker < workers; worker++) {
      cluster.startWorker();
    }
    return cluster;
  }

  /** The master's address, as {@code --master} takes it. */
  String address() {
    return address;
  }

  /** Starts one more worker. */
  void startWorker() throws IOException {
    Path work = Files.createDirectories(folder.resolve("worker" + workers.size()));
    workers.add(
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
            address));
  }

  /** Kills a worker, and with it nothing else: its executors find out by themselves. */
  void killWorker(int number) throws InterruptedException {
    workers.get(number).destroyForcibly().waitFor();
  }

  /** The executors that are running now. */
  List<ProcessHandle> executors() {
    return workers.stream()
        .flatMap(Process::descendants)
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .or(() -> process.info().command())
                    .orElse("")
                    .contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  @Override
  public void close() throws InterruptedException {
    List<Process> all = new ArrayList<>(workers);
    all.add(master);
    for (Process process : all) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    for (Process process : all) {
      process.waitFor();
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
