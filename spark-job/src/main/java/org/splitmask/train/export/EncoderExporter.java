/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.export;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.checkpoint.NamedVectors;
import org.splitmask.train.checkpoint.SafeTensors;
import org.splitmask.train.checkpoint.TrainedRun;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.ParameterManifest;
import org.splitmask.train.model.SplitMaskNetwork;

/**
 * The encoder of a run as named tensors: {@code embedding.*}, {@code positions.table} and {@code
 * encoder.*}. Linear weights are [out, in]; qkv rows are queries, keys, values, heads contiguous.
 */
public final class EncoderExporter {
  private final SafeTensors tensors;
  private final Map<String, String> metadata;

  public EncoderExporter(TrainerSettings settings, TrainedRun run) throws IOException {
    NetworkShape shape = settings.shape();
    ParameterManifest whole = LocalTrainer.initialNetwork(settings).manifest();
    ParameterManifest encoder =
        SplitMaskNetwork.createEncoder(shape, DataType.FLOAT, settings.seed()).manifest();
    float[] parameters = encoder.select(run.parameters(whole), whole);
    this.metadata = new TreeMap<>();
    metadata.put("format", "splitmask-encoder");
    metadata.put("round", String.valueOf(run.round(whole)));
    metadata.put("image-side", String.valueOf(settings.input().cropSize()));
    metadata.put("patch-side", String.valueOf(settings.input().patchSize()));
    metadata.put("width", String.valueOf(shape.width()));
    metadata.put("depth", String.valueOf(shape.depth()));
    metadata.put("heads", String.valueOf(shape.heads()));
    metadata.put("positions", shape.positions().name());
    metadata.put("norm-epsilon", "1e-6");
    metadata.put("pixel-mean", Arrays.toString(settings.input().normalisation().mean()));
    metadata.put("pixel-std", Arrays.toString(settings.input().normalisation().deviation()));
    this.tensors = new SafeTensors(metadata, NamedVectors.toTensors(parameters, encoder).tensors());
  }

  public SafeTensors tensors() {
    return tensors;
  }

  /** What a reader needs to know beside the tensors; it is in the file too. */
  public Map<String, String> metadata() {
    return metadata;
  }
}
