/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Asks a driver for its figures while it runs, as Prometheus does. */
final class Scraper {
  private final int port;
  private final List<String> paths;
  private final Map<String, String> found = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> asking;
  private volatile boolean stopped;

  private Scraper(int port, List<String> paths) {
    this.port = port;
    this.paths = paths;
    this.asking = CompletableFuture.runAsync(this::scrape);
  }

  /** Asks at a free port, where a driver is to come. */
  static Scraper start(List<String> paths) throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return new Scraper(socket.getLocalPort(), paths);
    }
  }

  int port() {
    return port;
  }

  /** What the driver served at a path; empty where it served nothing. */
  String found(String path) {
    return found.getOrDefault(path, "");
  }

  /** The driver has ended. */
  void stop() {
    stopped = true;
    asking.join();
  }

  private void scrape() {
    HttpClient client = HttpClient.newHttpClient();
    try {
      while (found.size() < paths.size() && !stopped) {
        for (String path : paths) {
          ask(client, URI.create("http://127.0.0.1:" + port + path))
              .filter(body -> body.contains("metrics_"))
              .ifPresent(body -> found.put(path, body));
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> ask(HttpClient client, URI page) throws InterruptedException {
    try {
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
      return Optional.of(response.body()).filter(body -> response.statusCode() == 200);
    } catch (IOException e) {
      // The driver does not listen yet, or no more.
      return Optional.empty();
    }
  }
}
