/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.text.Words;

/** The words that a JSON object says of a picture. */
final class SidecarJson {
  private static final int LONGEST_WORD = 1000;

  /** Python writes NaN and Infinity, which are no JSON. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final List<String> faults = new ArrayList<>();
  private @Nullable String label;
  private @Nullable String split;
  private @Nullable String group;
  private boolean labelUnusable;

  private SidecarJson() {}

  /**
   * Reads an object; anything else says nothing, and that is a fault.
   *
   * @throws IOException if it is no JSON
   */
  static SidecarJson of(String text) throws IOException {
    SidecarJson said = new SidecarJson();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        said.faults.add("no JSON object");
        said.labelUnusable = json.currentToken() == null;
        return said;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "label" -> {
            int faults = said.faults.size();
            said.label = said.word(json, field);
            said.labelUnusable = said.faults.size() > faults;
          }
          case "split" -> said.split = said.word(json, field);
          case "group" -> said.group = said.word(json, field);
          default -> json.skipChildren();
        }
      }
    }
    return said;
  }

  @Nullable String label() {
    return label;
  }

  @Nullable String split() {
    return split;
  }

  @Nullable String group() {
    return group;
  }

  /** Whether there is a label of which nothing can be made. */
  boolean isLabelUnusable() {
    return labelUnusable;
  }

  /** What cannot be used, in words. */
  List<String> faults() {
    return faults;
  }

  /** Why a text can be no label; none if it can. */
  static @Nullable String fault(String text) {
    if (text.isEmpty()) {
      return "is empty";
    }
    if (text.length() > LONGEST_WORD) {
      return "is longer than " + LONGEST_WORD + " characters";
    }
    String fault = Words.fault(text);
    return fault == null ? null : "has " + fault;
  }

  /** The value, which stands alone or is the only one of a list; null, "" and [] say nothing. */
  private @Nullable String word(JsonParser json, String field) throws IOException {
    List<String> words = new ArrayList<>();
    String why = null;
    boolean list = json.currentToken() == JsonToken.START_ARRAY;
    JsonToken token = list ? json.nextToken() : json.currentToken();
    while (token != null && token != JsonToken.END_ARRAY) {
      if (!token.isScalarValue()) {
        why = token == JsonToken.START_ARRAY ? "is a list of lists" : "is an object";
        json.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        words.add(json.getText());
        why = token == JsonToken.VALUE_NUMBER_FLOAT && json.isNaN() ? "is no number" : why;
      }
      token = list ? json.nextToken() : null;
    }
    String word = words.size() == 1 ? Words.strip(words.get(0)) : "";
    if (why == null && words.size() > 1) {
      why = "is a list of " + words.size();
    } else if (why == null && !word.isEmpty()) {
      why = fault(word);
    }
    if (why != null) {
      faults.add("its " + field + " " + why);
    }
    return why != null || word.isEmpty() ? null : Words.clean(word);
  }
}
