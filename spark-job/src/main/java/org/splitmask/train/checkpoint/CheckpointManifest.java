/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.state.VectorStore.Vector;

/** What the manifest of a checkpoint says. */
final class CheckpointManifest {
  private static final int VERSION = 3;

  private static final String RATE_FACTOR = "rateFactor";
  private static final String MEAN_LOSS = "meanLoss";
  private static final String FILES = "files";

  /** Of the manifest's other fields: nothing else tells a flipped bit from another number. */
  private static final String SHA256 = "sha256";

  private CheckpointManifest() {}

  /**
   * The manifest of a state.
   *
   * @param meanLoss of the rounds up to it; left out where it is not finite
   * @param files by name, with their lengths and checksums
   */
  static ObjectNode of(
      TrainingState state, double meanLoss, ObjectNode files, ParameterManifest layout) {
    ObjectNode manifest = new ObjectMapper().createObjectNode();
    manifest.put("version", VERSION);
    manifest.put("round", state.round());
    manifest.put("updates", state.updates());
    manifest.put(RATE_FACTOR, state.rateFactor());
    if (Double.isFinite(meanLoss)) {
      manifest.put(MEAN_LOSS, meanLoss);
    }
    manifest.set("cursor", CursorJson.write(state.cursor()));
    manifest.set(FILES, files);
    ArrayNode parameters = manifest.putArray("parameters");
    for (ParameterManifest.Entry entry : layout.entries()) {
      ObjectNode tensor = parameters.addObject();
      tensor.put("name", entry.name()).put("offset", entry.offset()).put("order", "row-major");
      for (long side : entry.shape()) {
        tensor.withArray("shape").add(side);
      }
    }
    return manifest;
  }

  /** A manifest's file: the last field is the checksum of those before it. */
  static byte[] sealed(ObjectNode manifest) {
    return manifest
        .deepCopy()
        .put(SHA256, sha256(manifest))
        .toPrettyString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Refuses a manifest that is not what was written; those of older programs have no checksum. */
  static void checkWhole(Path folder, JsonNode manifest) {
    if (manifest.has(SHA256)) {
      ObjectNode others = manifest.deepCopy();
      String written = others.remove(SHA256).asText();
      Check.data(
          written.equals(sha256(others)),
          "the manifest of %s is damaged: it has another SHA-256 than was written",
          folder);
    }
  }

  private static String sha256(ObjectNode fields) {
    byte[] text = fields.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(RunFiles.sha256().digest(text));
  }

  /** Refuses a manifest of another version of this program; one without a version is damage. */
  static void checkVersion(Path folder, JsonNode manifest) {
    int version = manifest.path("version").asInt();
    Check.data(version >= 1, "the manifest of %s has no version", folder);
    Check.that(
        version == VERSION,
        "%s has version %d, this program reads %d; go on with the program that wrote it, or give"
            + " another --output",
        folder,
        version,
        VERSION);
  }

  /** The factor on the learning rate, below 1 after rounds that diverged. */
  static double rateFactor(Path folder, JsonNode manifest) {
    double factor = manifest.path(RATE_FACTOR).asDouble();
    Check.data(factor > 0 && factor <= 1, "the manifest of %s has rateFactor %s", folder, factor);
    return factor;
  }

  /** The loss that it was saved with; NaN where it tells none, as those of earlier builds. */
  static double meanLoss(JsonNode manifest) {
    JsonNode loss = manifest.path(MEAN_LOSS);
    return loss.isNumber() ? loss.asDouble() : Double.NaN;
  }

  /** The checksum that a vector's file was written with. */
  static String sha256(Vector vector, JsonNode manifest) {
    return file(vector, manifest).path("sha256").asText();
  }

  /** The length that a vector's file was written with. */
  static long bytes(Vector vector, JsonNode manifest) {
    return file(vector, manifest).path("bytes").asLong();
  }

  private static JsonNode file(Vector vector, JsonNode manifest) {
    return manifest.path(FILES).path(VectorFiles.name(vector));
  }

  /** The place from which the run goes on. */
  static Cursor cursor(Path folder, JsonNode manifest) {
    try {
      return CursorJson.read(manifest.path("cursor"));
    } catch (SplitMaskException e) {
      throw new SplitMaskException(
          Blame.DATA, "the manifest of " + folder + " has no cursor: " + e.getMessage(), e);
    }
  }
}
