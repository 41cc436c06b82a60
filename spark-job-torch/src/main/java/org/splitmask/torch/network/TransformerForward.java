/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.splitmask.torch.tensor.ParameterTensors;
import org.splitmask.train.model.LayerNormLayer;
import org.splitmask.train.model.NetworkShape;

/**
 * Pre-norm transformer blocks (Dosovitskiy et al., 2010.11929) by the names of the layout. Shapes:
 * B sequences of T tokens of width D.
 */
public record TransformerForward(NetworkShape shape, ParameterTensors parameters) {
  /** y = x·Wᵀ + b. */
  public Tensor linear(String name, Tensor x) {
    return torch.linear(
        x,
        parameters.parameter(name + ".weight"),
        new TensorOptional(parameters.parameter(name + ".bias")));
  }

  /** Layer norm over the last axis. */
  public Tensor norm(String name, Tensor x) {
    return torch.layer_norm(
        x,
        new long[] {shape.width()},
        new TensorOptional(parameters.parameter(name + ".weight")),
        new TensorOptional(parameters.parameter(name + ".bias")),
        LayerNormLayer.EPSILON,
        /* cudnn_enable= */ true);
  }

  /** The name of a block of the encoder in the layout. */
  public static String encoderBlock(int block) {
    return "encoder." + block;
  }

  /**
   * A block.
   *
   * @param x [B, T, D]
   * @param survivals drop path's factors of the two residual branches, [B, 1, 1] each, or none
   */
  public Tensor block(String name, Tensor x, Survivals survivals) {
    Tensor attended = attention(name, norm(name + ".norm1", x));
    Tensor middle = x.add(finished(name, 0, attended, survivals));
    Tensor hidden = torch.gelu(linear(name + ".mlp.hidden", norm(name + ".norm2", middle)));
    return middle.add(finished(name, 1, linear(name + ".mlp.output", hidden), survivals));
  }

  private Tensor attention(String name, Tensor x) {
    long sequences = x.size(0);
    long tokens = x.size(1);
    long head = shape.width() / shape.heads();
    TensorVector parts =
        linear(name + ".attention.qkv", x)
            .view(sequences, tokens, 3, shape.heads(), head)
            .permute(2, 0, 3, 1, 4)
            .unbind(0);
    Tensor context = torch.scaled_dot_product_attention(parts.get(0), parts.get(1), parts.get(2));
    return linear(
        name + ".attention.projection",
        context.transpose(1, 2).reshape(sequences, tokens, shape.width()));
  }

  /** Layer scale, then drop path, of one residual branch. */
  private Tensor finished(String name, int residual, Tensor branch, Survivals survivals) {
    Tensor scaled = branch;
    if (shape.layerScale() > 0) {
      scaled = scaled.mul(parameters.parameter(name + ".scale" + (residual + 1)));
    }
    Tensor factors = survivals.of(residual);
    return factors == null ? scaled : scaled.mul(factors);
  }

  /** What drop path leaves of the residual branches of a block. */
  @FunctionalInterface
  public interface Survivals {
    /** All of them, whole. */
    Survivals WHOLE = residual -> null;

    /**
     * The factors of a residual branch, 0 for attention and 1 for the MLP; none where all are 1.
     */
    @Nullable Tensor of(int residual);
  }
}
