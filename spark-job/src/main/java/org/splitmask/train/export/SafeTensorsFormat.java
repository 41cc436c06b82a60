/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.encoder.TrainedEncoder;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.tensors.SafeTensors;

/**
 * Named tensors in a safetensors file: {@code embedding.*}, {@code positions.table} and {@code
 * encoder.*}. Linear weights are [out, in]; qkv rows are queries, keys, values, heads contiguous.
 * The encoder's sizes are metadata.
 */
public final class SafeTensorsFormat implements EncoderFormat {
  @Override
  public String word() {
    return "safetensors";
  }

  @Override
  public void write(TrainedEncoder encoder, OutputStream out) throws IOException {
    new SafeTensors(
            metadata(encoder),
            NamedVectors.toTensors(encoder.parameters(), encoder.layout()).tensors())
        .write(out);
  }

  @Override
  public Map<String, Object> description(TrainedEncoder encoder) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("tensors", encoder.layout().entries().size());
    description.putAll(metadata(encoder));
    return description;
  }

  /** What a reader needs to know beside the tensors. */
  private static Map<String, String> metadata(TrainedEncoder encoder) {
    NetworkShape shape = encoder.shape();
    ModelInput input = encoder.input();
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", "splitmask-encoder");
    metadata.put("round", String.valueOf(encoder.round()));
    metadata.put("image-side", String.valueOf(input.cropSize()));
    metadata.put("patch-side", String.valueOf(input.patchSize()));
    metadata.put("width", String.valueOf(shape.width()));
    metadata.put("depth", String.valueOf(shape.depth()));
    metadata.put("heads", String.valueOf(shape.heads()));
    metadata.put("positions", shape.positions().name());
    metadata.put("position-grid", String.valueOf(shape.positionGrid()));
    metadata.put("norm-epsilon", "1e-6");
    metadata.put("pixel-mean", Arrays.toString(input.normalisation().mean()));
    metadata.put("pixel-std", Arrays.toString(input.normalisation().deviation()));
    return metadata;
  }
}
