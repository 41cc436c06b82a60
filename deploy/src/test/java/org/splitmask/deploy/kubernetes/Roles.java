/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The roles of deploy/kubernetes/accounts/rbac.yaml, as words {@code VERB RESOURCE}. */
final class Roles {
  private Roles() {}

  static Set<String> granted(String role) throws IOException {
    Role found =
        Manifests.read(Manifests.FOLDER.resolve("accounts/rbac.yaml")).stream()
            .map(Manifests::typed)
            .filter(Role.class::isInstance)
            .filter((HasMetadata object) -> object.getMetadata().getName().equals(role))
            .map(Role.class::cast)
            .findFirst()
            .orElseThrow();
    return found.getRules().stream()
        .flatMap(
            rule ->
                rule.getResources().stream()
                    .flatMap(
                        resource -> rule.getVerbs().stream().map(verb -> verb + " " + resource)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What somebody asked for. */
  static Set<String> asked(List<ApiRequest> requests, String token) {
    return requests.stream()
        .filter(request -> request.token().equals(token))
        .map(request -> request.verb() + " " + request.resource())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
