/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.Range;

/** A cursor in a checkpoint's manifest: lanes are arrays of [from, to] pairs. */
final class CursorJson {
  private CursorJson() {}

  static ObjectNode write(Cursor cursor) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("epoch", cursor.epoch());
    node.put("updates", cursor.updates());
    node.put("stepsLeft", cursor.stepsLeft());
    node.put("stepImages", cursor.stepImages());
    ArrayNode lanes = node.putArray("lanes");
    for (List<Range> lane : cursor.lanes()) {
      ArrayNode ranges = lanes.addArray();
      lane.forEach(range -> ranges.addArray().add(range.from()).add(range.to()));
    }
    return node;
  }

  static Cursor read(JsonNode node) {
    List<List<Range>> lanes = new ArrayList<>();
    for (JsonNode lane : node.path("lanes")) {
      List<Range> ranges = new ArrayList<>();
      lane.forEach(range -> ranges.add(new Range(range.path(0).asInt(), range.path(1).asInt())));
      lanes.add(ranges);
    }
    return new Cursor(
        node.path("epoch").asInt(),
        node.path("updates").asLong(),
        node.path("stepsLeft").asInt(),
        node.path("stepImages").asInt(),
        lanes);
  }
}
