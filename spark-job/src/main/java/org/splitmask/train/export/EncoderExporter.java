/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.export;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.checkpoint.NamedVectors;
import org.splitmask.train.tensors.SafeTensors;
import org.splitmask.train.checkpoint.TrainedEncoder;
import org.splitmask.train.model.NetworkShape;

/**
 * The encoder of a run as named tensors: {@code embedding.*}, {@code positions.table} and {@code
 * encoder.*}. Linear weights are [out, in]; qkv rows are queries, keys, values, heads contiguous.
 */
public final class EncoderExporter {
  private final SafeTensors tensors;
  private final Map<String, String> metadata;

  public EncoderExporter(TrainedEncoder encoder) {
    NetworkShape shape = encoder.shape();
    ModelInput input = encoder.input();
    this.metadata = new TreeMap<>();
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
    this.tensors =
        new SafeTensors(
            metadata, NamedVectors.toTensors(encoder.parameters(), encoder.layout()).tensors());
  }

  public SafeTensors tensors() {
    return tensors;
  }

  /** What a reader needs to know beside the tensors; it is in the file too. */
  public Map<String, String> metadata() {
    return metadata;
  }
}
