/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.server.mock.crud.KubernetesCrudDispatcherException;
import io.fabric8.kubernetes.client.server.mock.crud.PatchHandler;
import io.fabric8.kubernetes.client.server.mock.crud.PostHandler;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.crud.CrudDispatcher;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
  private static final String JSON_PATCH = "application/json-patch+json";

  private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Pod> pods = new CopyOnWriteArrayList<>();
  private final Store store = new Store();
  private final KubernetesMockServer server;
  private @Nullable Consumer<Pod> kubelet;

  ApiServer() {
    Context context = new Context();
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

  /** Sets a pod's status, as JSON; nothing if the pod has been deleted. */
  void setStatus(Pod pod, String status) {
    String path =
        "/api/v1/namespaces/%s/pods/%s"
            .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    store.patch(path, "[{\"op\":\"add\",\"path\":\"/status\",\"value\":" + status + "}]");
  }

  @Override
  public void close() {
    server.destroy();
  }

  private final class Store extends KubernetesCrudDispatcher {
    Store() {
      listCopies();
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      ApiRequest asked = ApiRequest.of(request);
      requests.add(asked);
      try {
        if (asked.isServerSideApply()) {
          return apply(request, asked);
        }
        if (asked.verb().equals("create") && asked.resource().equals("pods")) {
          return create(request, asked);
        }
        return super.dispatch(request);
      } catch (KubernetesCrudDispatcherException e) {
        return new MockResponse().setResponseCode(e.getCode()).setBody(e.toStatusBody());
      }
    }

    private synchronized MockResponse create(RecordedRequest request, ApiRequest asked)
        throws KubernetesCrudDispatcherException {
      Pod pod = Serialization.unmarshal(request.getBody().clone().readUtf8(), Pod.class);
      pod.setStatus(new PodStatusBuilder().withPhase("Pending").build());
      MockResponse response = post(asked.path(), Serialization.asJson(pod));
      Pod created = Serialization.unmarshal(bodyOf(response), Pod.class);
      pods.add(created);
      Consumer<Pod> listener = kubelet;
      if (listener != null) {
        listener.accept(created);
      }
      return response;
    }

    private synchronized MockResponse apply(RecordedRequest request, ApiRequest asked)
        throws KubernetesCrudDispatcherException {
      String body = request.getBody().clone().readUtf8();
      String path = asked.path();
      if (findResource(getKey(path)) != null) {
        return new PatchHandler(this).handle(path, MERGE_PATCH, body);
      }
      // A server asks for both rights then.
      requests.add(asked.as("create"));
      return post(path.substring(0, path.lastIndexOf('/')), body);
    }

    private MockResponse post(String path, String body) throws KubernetesCrudDispatcherException {
      return new PostHandler((KubernetesAttributesExtractor) attributeExtractor, this)
          .handle(path, null, body);
    }

    private synchronized void patch(String path, String patch) {
      try {
        new PatchHandler(this).handle(path, JSON_PATCH, patch);
      } catch (KubernetesCrudDispatcherException e) {
        throw new IllegalStateException(path, e);
      }
    }

    private synchronized <T> Optional<T> read(String path, Class<T> type) {
      return Optional.ofNullable(findResource(getKey(path)))
          .map(entry -> Serialization.unmarshal(entry.getValue(), type));
    }

    private String bodyOf(MockResponse response) {
      return Objects.requireNonNull(response.getBody()).clone().readUtf8();
    }

    /**
     * The mock walks over its map in the threads of watches while others write to it. Copies make
     * that safe; the field has no other way in.
     */
    private void listCopies() {
      try {
        Field field = CrudDispatcher.class.getDeclaredField("map");
        field.setAccessible(true);
        field.set(this, new CopiedEntries());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("the mock API server is another version", e);
      }
    }
  }

  /** A map whose entries are listed as they were at the time of asking. */
  private static final class CopiedEntries extends LinkedHashMap<AttributeSet, String> {
    @Override
    public synchronized String put(AttributeSet key, String value) {
      return super.put(key, value);
    }

    @Override
    public synchronized String remove(Object key) {
      return super.remove(key);
    }

    @Override
    public synchronized Set<Map.Entry<AttributeSet, String>> entrySet() {
      Set<Map.Entry<AttributeSet, String>> copy = new LinkedHashSet<>();
      super.entrySet().forEach(entry -> copy.add(Map.entry(entry.getKey(), entry.getValue())));
      return copy;
    }
  }
}
