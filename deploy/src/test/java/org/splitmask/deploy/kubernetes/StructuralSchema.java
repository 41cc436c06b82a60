/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The schema of a CustomResourceDefinition, as strict as {@code kubectl apply --validate=strict}: a
 * key that the schema lacks is an error too.
 */
record StructuralSchema(JsonNode schema) {

  /** What is wrong with a document, as {@code PATH: what}. */
  List<String> errors(JsonNode document) {
    List<String> errors = new ArrayList<>();
    check(schema, document, "", errors);
    return errors;
  }

  private static void check(JsonNode schema, JsonNode value, String path, List<String> errors) {
    if (value.isNull() && schema.path("nullable").asBoolean()) {
      return;
    }
    boolean isIntOrString = schema.path("x-kubernetes-int-or-string").asBoolean();
    String type = schema.path("type").asText();
    if (isIntOrString ? !value.isInt() && !value.isTextual() : !isOf(type, value)) {
      errors.add("%s: should be %s, is %s".formatted(path, type, value));
      return;
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      errors.add("%s: should be one of %s, is %s".formatted(path, schema.get("enum"), value));
    }
    if (schema.has("minimum") && value.asDouble() < schema.get("minimum").asDouble()) {
      errors.add("%s: should be at least %s, is %s".formatted(path, schema.get("minimum"), value));
    }
    if (schema.has("pattern")
        && !Pattern.compile(schema.get("pattern").asText()).matcher(value.asText()).find()) {
      errors.add("%s: should match %s, is %s".formatted(path, schema.get("pattern"), value));
    }
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        check(schema.path("items"), value.get(i), path + "/" + i, errors);
      }
    } else if (value.isObject()) {
      checkObject(schema, value, path, errors);
    }
  }

  private static void checkObject(
      JsonNode schema, JsonNode value, String path, List<String> errors) {
    for (JsonNode key : schema.path("required")) {
      if (!value.has(key.asText())) {
        errors.add("%s: %s is missing".formatted(path, key.asText()));
      }
    }
    boolean isOpen =
        schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
            // The API server knows metadata itself; CRDs say no more of it than its type.
            || path.equals("/metadata");
    value
        .fields()
        .forEachRemaining(
            entry -> {
              String below = path + "/" + entry.getKey();
              JsonNode property = schema.path("properties").path(entry.getKey());
              JsonNode more = schema.path("additionalProperties");
              if (!property.isMissingNode()) {
                check(property, entry.getValue(), below, errors);
              } else if (more.isObject()) {
                check(more, entry.getValue(), below, errors);
              } else if (!isOpen) {
                errors.add(below + ": there is no such key");
              }
            });
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> true;
    };
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (JsonNode one : values) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
