/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** S3Proxy in a process of its own: S3's protocol in front of a folder. */
final class S3Server implements AutoCloseable {
  static final String ACCESS_KEY = "splitmask";
  static final String SECRET_KEY = "not-very-secret";

  private static final Pattern STARTED =
      Pattern.compile("Started [a-z.]*ServerConnector.*127\\.0\\.0\\.1:(\\d+)");
  private static final Duration MOST = Duration.ofSeconds(60);

  private final Process process;
  private final Path buckets;
  private final int port;

  private S3Server(Process process, Path buckets, int port) {
    this.process = process;
    this.buckets = buckets;
    this.port = port;
  }

  /**
   * Starts one, on any port.
   *
   * @param folder for its files
   */
  static S3Server start(Path folder) throws IOException, InterruptedException {
    Path buckets = Files.createDirectories(folder.resolve("buckets"));
    // Beside the tests' reports, which outlive the folder: it tells why an answer was an error.
    Path reports = Files.createDirectories(Path.of("target/failsafe-reports"));
    Path log = Files.createTempFile(reports, "s3proxy-", ".log");
    Path settings =
        Files.write(
            folder.resolve("s3proxy.conf"),
            List.of(
                "s3proxy.endpoint=http://127.0.0.1:0",
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + ACCESS_KEY,
                "s3proxy.credential=" + SECRET_KEY,
                "jclouds.provider=filesystem-nio2",
                "jclouds.identity=none",
                "jclouds.credential=none",
                "jclouds.filesystem.basedir=" + buckets));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar().toString(),
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new S3Server(process, buckets, port(process, log));
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target/s3proxy").toAbsolutePath())) {
      return files.findFirst().orElseThrow();
    }
  }

  private static int port(Process process, Path log) throws IOException, InterruptedException {
    long until = System.nanoTime() + MOST.toNanos();
    while (process.isAlive() && System.nanoTime() < until) {
      Matcher started = STARTED.matcher(Files.readString(log));
      if (started.find()) {
        return Integer.parseInt(started.group(1));
      }
      Thread.sleep(100);
    }
    process.destroyForcibly();
    throw new AssertionError("S3Proxy did not start: " + Files.readString(log));
  }

  /** Options of a JVM for which {@code s3a:} is this server. */
  List<String> options() {
    return List.of(
        "-Dspark.hadoop.fs.s3a.endpoint=http://127.0.0.1:" + port,
        "-Dspark.hadoop.fs.s3a.path.style.access=true",
        // Hadoop 3.4's default. S3Proxy cannot delete the marker of a folder that is not empty.
        "-Dspark.hadoop.fs.s3a.directory.marker.retention=keep",
        "-Dspark.hadoop.fs.s3a.attempts.maximum=2",
        "-Dspark.hadoop.fs.s3a.retry.limit=2");
  }

  /** A class path with S3's client. */
  static String clientJars() {
    return Path.of("target/object-store").toAbsolutePath() + "/*";
  }

  /** Makes a bucket; its objects can be looked at in the folder that this gives. */
  Path makeBucket(String name) throws IOException {
    return Files.createDirectories(buckets.resolve(name));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
