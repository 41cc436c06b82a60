/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.server.mock.crud.KubernetesCrudDispatcherException;
import io.fabric8.kubernetes.client.server.mock.crud.PatchHandler;
import io.fabric8.kubernetes.client.server.mock.crud.PostHandler;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * The client library's mock of the API server, with what Spark needs beyond it: server-side apply,
 * and pods that are pending as soon as they exist. It remembers who asked for what.
 */
final class ApiServer implements AutoCloseable {
  private static final int PATIENCE = 600;
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Pod> pods = new CopyOnWriteArrayList<>();
  private final Store store = new Store();
  private final KubernetesMockServer server;
  private @Nullable Consumer<Pod> kubelet;

  ApiServer() {
    Context context = new Context(Serialization.jsonMapper());
    server = new KubernetesMockServer(context, new MockWebServer(), new HashMap<>(), store, false);
    server.init(InetAddress.getLoopbackAddress(), 0);
  }

  /** For {@code --master}, behind {@code k8s://}. */
  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** Tells a kubelet of every new pod. */
  void schedulePodsTo(Consumer<Pod> listener) {
    kubelet = listener;
  }

  /** Every pod as it was asked for, in order. */
  List<Pod> podsAskedFor() {
    return List.copyOf(pods);
  }

  List<ApiRequest> requests() {
    return List.copyOf(requests);
  }

  /** The data of a ConfigMap, once it is there: Spark makes the driver's after the driver. */
  Map<String, String> configMap(String namespace, String name) throws InterruptedException {
    String path = "/api/v1/namespaces/" + namespace + "/configmaps/" + name;
    for (int tries = 0; tries < PATIENCE; tries++) {
      Optional<ConfigMap> map = store.read(path, ConfigMap.class);
      if (map.isPresent()) {
        return map.get().getData();
      }
      Thread.sleep(50);
    }
    throw new AssertionError("there is no " + path);
  }

  /** Sets parts of a pod's status, as JSON; nothing if the pod has been deleted. */
  void setStatus(Pod pod, String status) {
    store.merge(path(pod), "{\"status\":" + status + "}");
  }

  @Override
  public void close() {
    server.destroy();
  }

  private static String path(Pod pod) {
    return "/api/v1/namespaces/%s/pods/%s"
        .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }

  private final class Store extends KubernetesCrudDispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      ApiRequest asked = ApiRequest.of(request);
      requests.add(asked);
      if (asked.isServerSideApply()) {
        return apply(request, asked);
      }
      MockResponse response = super.dispatch(request);
      if (asked.verb().equals("create") && asked.resource().equals("pods")) {
        created(Objects.requireNonNull(response.getBody()).clone().readUtf8());
      }
      return response;
    }

    private void created(String body) {
      Pod pod = Serialization.unmarshal(body, Pod.class);
      if (pod.getMetadata().getUid() == null) {
        return;
      }
      pods.add(pod);
      setStatus(pod, "{\"phase\":\"Pending\"}");
      Consumer<Pod> listener = kubelet;
      if (listener != null) {
        listener.accept(pod);
      }
    }

    private synchronized MockResponse apply(RecordedRequest request, ApiRequest asked) {
      String body = request.getBody().clone().readString(StandardCharsets.UTF_8);
      String path = asked.path();
      try {
        if (findResource(getKey(path)) != null) {
          return new PatchHandler(this).handle(path, MERGE_PATCH, body);
        }
        requests.add(asked.as("create"));
        String collection = path.substring(0, path.lastIndexOf('/'));
        return new PostHandler((KubernetesAttributesExtractor) attributeExtractor, this)
            .handle(collection, null, body);
      } catch (KubernetesCrudDispatcherException e) {
        return new MockResponse().setResponseCode(e.getCode()).setBody(e.toStatusBody());
      }
    }

    private synchronized void merge(String path, String patch) {
      try {
        new PatchHandler(this).handle(path, MERGE_PATCH, patch);
      } catch (KubernetesCrudDispatcherException e) {
        throw new IllegalStateException(path, e);
      }
    }

    private <T> Optional<T> read(String path, Class<T> type) {
      return Optional.ofNullable(findResource(getKey(path)))
          .map(entry -> Serialization.unmarshal(entry.getValue(), type));
    }
  }
}
