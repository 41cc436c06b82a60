/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import okhttp3.mockwebserver.RecordedRequest;

/**
 * What somebody asked of the API server, in the words of a role.
 *
 * @param token who it was
 * @param verb get, list, watch, create, patch, update, delete or deletecollection
 * @param resource such as pods, or pods/log
 * @param path without its query
 */
record ApiRequest(
    String token, String verb, String resource, String path, boolean isServerSideApply) {

  static ApiRequest of(RecordedRequest request) {
    URI uri = URI.create(request.getPath().replace("%", "%25"));
    // /api/v1/namespaces/NAMESPACE/RESOURCE[/NAME[/SUBRESOURCE]]
    List<String> parts = List.of(uri.getPath().substring(1).split("/", -1));
    boolean isNamespaced = parts.size() > 4 && parts.get(2).equals("namespaces");
    String resource = isNamespaced ? parts.get(4) : uri.getPath();
    boolean isNamed = parts.size() > 5;
    if (parts.size() > 6) {
      resource += "/" + parts.get(6);
    }
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    String contentType = request.getHeader("Content-Type");
    String authorization = request.getHeader("Authorization");
    return new ApiRequest(
        authorization == null ? "" : authorization.replace("Bearer ", ""),
        verb(request.getMethod(), isNamed, query.contains("watch=true")),
        resource,
        uri.getPath(),
        contentType != null && contentType.startsWith("application/apply-patch"));
  }

  ApiRequest as(String otherVerb) {
    return new ApiRequest(token, otherVerb, resource, path, isServerSideApply);
  }

  private static String verb(String method, boolean isNamed, boolean isWatch) {
    return switch (method) {
      case "GET" -> isWatch ? "watch" : isNamed ? "get" : "list";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "DELETE" -> isNamed ? "delete" : "deletecollection";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }
}
