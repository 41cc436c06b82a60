/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the pods of an API server as processes of this machine: volumes are folders, the pod's
 * address is the loopback, and what a container would find under its mount paths is put into the
 * paths that its process is told.
 */
final class Kubelet implements AutoCloseable {
  private static final String IP = "127.0.0.1";

  private final ApiServer server;
  private final SparkImage image;
  private final Path folder;
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final Map<String, Integer> exitCodes = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Kubelet(ApiServer server, SparkImage image, Path folder) {
    this.server = server;
    this.image = image;
    this.folder = folder;
    server.schedulePodsTo(pod -> threads.execute(() -> run(pod)));
  }

  /**
   * Runs a driver's container once more with other words for the command, without telling the API
   * server.
   */
  Submission.Outcome runAgain(Pod pod, List<String> arguments)
      throws IOException, InterruptedException {
    Container container = new ContainerBuilder(containerOf(pod)).build();
    int own = container.getArgs().indexOf(Submission.JARS_FOLDER + "data-prep.jar");
    List<String> words = new ArrayList<>(container.getArgs().subList(0, own + 1));
    words.addAll(arguments);
    container.setArgs(words);
    Path log = podFolder(pod).resolve("log-again");
    int code = start(pod, container, log).waitFor();
    return new Submission.Outcome(code, Files.readString(log));
  }

  /** Where a pod's mount path is here. */
  Path hostPath(Pod pod, String mountPath) {
    return podFolder(pod).resolve(mountPath.substring(1));
  }

  /** What a pod's process printed. */
  String log(Pod pod) throws IOException {
    return Files.readString(podFolder(pod).resolve("log"));
  }

  int exitCode(Pod pod) {
    return exitCodes.getOrDefault(pod.getMetadata().getName(), -1);
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    threads.shutdownNow();
  }

  static Container containerOf(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  private Path podFolder(Pod pod) {
    return folder.resolve(pod.getMetadata().getName());
  }

  private void run(Pod pod) {
    Container container = containerOf(pod);
    int code = -1;
    try {
      Process process = start(pod, container, podFolder(pod).resolve("log"));
      processes.put(pod.getMetadata().getName(), process);
      server.setStatus(pod, status(container, "Running", "{\"running\":{}}"));
      code = process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exitCodes.put(pod.getMetadata().getName(), code);
      String state =
          "{\"terminated\":{\"exitCode\":%d,\"reason\":\"%s\"}}"
              .formatted(code, code == 0 ? "Completed" : "Error");
      server.setStatus(pod, status(container, code == 0 ? "Succeeded" : "Failed", state));
    }
  }

  private Process start(Pod pod, Container container, Path log)
      throws IOException, InterruptedException {
    Map<String, Path> mounts = mount(pod, container);
    Map<String, String> environment = environment(pod, container, mounts);
    List<String> words = container.getArgs().stream().map(word -> inHost(word, mounts)).toList();
    List<String> command =
        words.get(0).equals("driver")
            ? image.driverCommand(words.subList(1, words.size()), environment)
            : image.executorCommand(environment);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.directory(Files.createDirectories(hostPath(pod, "/opt/spark/work-dir")).toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    return builder.start();
  }

  private static String status(Container container, String phase, String state) {
    return """
        {"phase":"%s","podIP":"%s","conditions":[{"type":"Ready","status":"%s"}],
        "containerStatuses":[{"name":"%s","image":"%s","imageID":"","ready":true,"restartCount":0,
        "state":%s}]}"""
        .formatted(
            phase,
            IP,
            phase.equals("Running") ? "True" : "False",
            container.getName(),
            container.getImage(),
            state);
  }

  /** Makes the volumes; by mount path, longest first, so that the innermost wins. */
  private Map<String, Path> mount(Pod pod, Container container)
      throws IOException, InterruptedException {
    Map<String, Volume> volumes =
        pod.getSpec().getVolumes().stream().collect(Collectors.toMap(Volume::getName, v -> v));
    Map<String, Path> mounts =
        new TreeMap<>(
            (a, b) -> a.length() == b.length() ? a.compareTo(b) : b.length() - a.length());
    for (VolumeMount mount : container.getVolumeMounts()) {
      Path host = Files.createDirectories(hostPath(pod, mount.getMountPath()));
      // Of the machine's own /tmp many paths here are made.
      if (!mount.getMountPath().equals("/tmp")) {
        mounts.put(mount.getMountPath(), host);
      }
    }
    mounts.put("/opt/splitmask", image.splitMask());
    mounts.put("/opt/spark", image.sparkHome());
    for (VolumeMount mount : container.getVolumeMounts()) {
      Volume volume = volumes.get(mount.getName());
      if (volume != null && volume.getConfigMap() != null) {
        fill(pod, hostPath(pod, mount.getMountPath()), volume, mounts);
      }
    }
    return mounts;
  }

  private void fill(Pod pod, Path host, Volume volume, Map<String, Path> mounts)
      throws IOException, InterruptedException {
    Map<String, String> data =
        server.configMap(pod.getMetadata().getNamespace(), volume.getConfigMap().getName());
    for (var item : volume.getConfigMap().getItems()) {
      Files.writeString(host.resolve(item.getPath()), data.getOrDefault(item.getKey(), ""));
    }
    Path properties = host.resolve("spark.properties");
    if (Files.exists(properties) && pod.getMetadata().getName().endsWith("-driver")) {
      // The names of the API server and of the driver's service, which a cluster's DNS knows; the
      // token that a
      // service account's pod finds; and the paths that this process reads itself.
      Files.writeString(
          properties,
          Files.readAllLines(properties).stream()
                  .map(line -> isForDriver(line) ? inHost(line, mounts) : line)
                  .collect(Collectors.joining("\n"))
              + "\nspark.kubernetes.driver.master="
              + server.url()
              + "\nspark.driver.host="
              + IP
              + "\nspark.kubernetes.authenticate.driver.mounted.oauthToken="
              + pod.getSpec().getServiceAccountName()
              + "\n");
    }
  }

  private static boolean isForDriver(String line) {
    return line.startsWith("spark.jars")
        || line.startsWith("spark.driver.")
        || line.startsWith("spark.kubernetes.executor.podTemplateFile");
  }

  private static Map<String, String> environment(
      Pod pod, Container container, Map<String, Path> mounts) {
    Map<String, String> environment = new TreeMap<>(SparkImage.QUICK_START);
    environment.put("PATH", System.getenv("PATH"));
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), inHost(value(pod, variable), mounts));
    }
    return environment;
  }

  private static String value(Pod pod, EnvVar variable) {
    if (variable.getValueFrom() == null) {
      return variable.getValue() == null ? "" : variable.getValue();
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "status.podIP" -> IP;
      case "metadata.name" -> pod.getMetadata().getName();
      default -> throw new IllegalArgumentException(field);
    };
  }

  /** Puts the paths of this machine in place of the container's, in one pass. */
  private static String inHost(String text, Map<String, Path> mounts) {
    String keys = mounts.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return Pattern.compile("(?<![\\w.-])(" + keys + ")(?![\\w.-])")
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(mounts.get(found.group(1)).toString()));
  }
}
