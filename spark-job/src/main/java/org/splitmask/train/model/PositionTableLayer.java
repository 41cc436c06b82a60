/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.common.failure.Check;
import org.splitmask.train.parameter.InitialValues;
import org.splitmask.train.parameter.ParameterSpec;

/**
 * The absolute position embeddings of a G×G grid as an activation [L, D], so that the encoder's
 * split and the decoder's input read the same table. Its input only places it in the graph.
 */
public final class PositionTableLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  /** The learned table's name in the network. */
  static final String TABLE = "positions.table";

  /** Where the table comes from. */
  public enum Positions {
    /** Trained, as in the original ViT. */
    LEARNED,
    /** Fixed two-dimensional sines and cosines (MoCo v3, MAE). */
    SINCOS
  }

  private Positions positions = Positions.LEARNED;
  private int gridSide;
  private int trainedGrid;
  private int width;

  /** For DL4J's deserialisation. */
  PositionTableLayer() {}

  /** The positions of a G×G grid. */
  public PositionTableLayer(Positions positions, int gridSide, int width) {
    this(positions, gridSide, gridSide, width);
  }

  /**
   * The positions of a G×G grid, in a network that was trained on another.
   *
   * @param trainedGrid the side of that grid; the same place in the picture has the same sines. A
   *     learned table has to be resized by {@link PositionInterpolation}
   */
  public PositionTableLayer(Positions positions, int gridSide, int trainedGrid, int width) {
    Check.that(
        positions == Positions.LEARNED || width % 4 == 0,
        "width %d is not a multiple of 4, which positions=sincos needs; use positions=learned",
        width);
    this.positions = positions;
    this.gridSide = gridSide;
    this.trainedGrid = trainedGrid;
    this.width = width;
  }

  @Override
  protected List<Object> settings() {
    return List.of(positions, gridSide, trainedGrid, width);
  }

  @Override
  protected List<ParameterSpec> parameters() {
    return positions == Positions.SINCOS
        ? List.of()
        : List.of(
            ParameterSpec.exempt("table", InitialValues.DRAWN, (long) gridSide * gridSide, width));
  }

  @Override
  protected VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type);
  }

  /**
   * The fixed table: [sin xω, cos xω, sin yω, cos yω] with ω_i = 10000^(−i/(D/4)), x the column and
   * y the row, both in patches of the grid that was trained on.
   *
   * @return [L, D]
   */
  public static double[][] sincos(int gridSide, int trainedGrid, int width) {
    int frequencies = width / 4;
    double[][] table = new double[gridSide * gridSide][width];
    double scale = (double) trainedGrid / gridSide;
    for (int l = 0; l < table.length; l++) {
      // Centres of patches; with one grid alone these are the whole numbers.
      int gx = l % gridSide;
      int gy = l / gridSide;
      double column = (gx + 0.5) * scale - 0.5;
      double row = (gy + 0.5) * scale - 0.5;
      for (int i = 0; i < frequencies; i++) {
        double omega = Math.pow(10000, -(double) i / frequencies);
        double x = column * omega;
        double y = row * omega;
        table[l][i] = Math.sin(x);
        table[l][frequencies + i] = Math.cos(x);
        table[l][2 * frequencies + i] = Math.sin(y);
        table[l][3 * frequencies + i] = Math.cos(y);
      }
    }
    return table;
  }

  private static final class Implementation extends VisionLayerImplementation<PositionTableLayer> {
    private static final long serialVersionUID = 1L;

    private transient @Nullable INDArray fixed;

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    protected INDArray forward(INDArray ignored) {
      if (layerConf().positions == Positions.LEARNED) {
        return parameter("table");
      }
      if (fixed == null) {
        double[][] table = sincos(layerConf().gridSide, layerConf().trainedGrid, layerConf().width);
        fixed = buffer("table", table.length, layerConf().width);
        for (int l = 0; l < table.length; l++) {
          for (int i = 0; i < layerConf().width; i++) {
            fixed.putScalar(l, i, table[l][i]);
          }
        }
      }
      return fixed;
    }

    @Override
    protected void forgetBuffers() {
      fixed = null;
    }

    @Override
    protected @Nullable INDArray backward(INDArray epsilon) {
      if (layerConf().positions == Positions.LEARNED) {
        gradient("table").assign(epsilon);
      }
      return null;
    }
  }
}
