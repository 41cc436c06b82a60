/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.splitmask.common.failure.Check;

/**
 * The computing side of a layer that ends a network in a loss: its backward pass computes the loss
 * and its gradient from the layer's input and labels. What DL4J's interface has beside that, for
 * classifiers that it trains itself, is refused.
 */
public abstract class LossLayerImplementation<C extends VisionLayer>
    extends VisionLayerImplementation<C> implements IOutputLayer {
  private static final long serialVersionUID = 1L;
  private transient @Nullable INDArray labels;

  protected LossLayerImplementation(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** The loss of the last backward pass. */
  protected abstract double loss();

  /** The values of the head for one of its inputs. */
  protected abstract int outputs();

  /** The labels of this pass. */
  protected final INDArray labels() {
    return Check.present(labels, "the output layer has no labels");
  }

  @Override
  public final boolean needsLabels() {
    return true;
  }

  @Override
  public final void setLabels(INDArray labels) {
    this.labels = labels;
  }

  @Override
  public final @Nullable INDArray getLabels() {
    return labels;
  }

  @Override
  public final double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    return loss() + regularization;
  }

  @Override
  public final INDArray computeScoreForExamples(
      double regularization, LayerWorkspaceMgr workspaces) {
    throw unsupported();
  }

  @Override
  public final double f1Score(DataSet data) {
    throw unsupported();
  }

  @Override
  public final double f1Score(INDArray examples, INDArray classes) {
    throw unsupported();
  }

  @Override
  @SuppressWarnings("deprecation") // The interface still asks for it.
  public final int numLabels() {
    return outputs();
  }

  @Override
  public final void fit(DataSetIterator iterator) {
    throw unsupported();
  }

  @Override
  public final int[] predict(INDArray examples) {
    throw unsupported();
  }

  @Override
  public final List<String> predict(DataSet data) {
    throw unsupported();
  }

  @Override
  public final void fit(INDArray examples, INDArray classes) {
    throw unsupported();
  }

  @Override
  public final void fit(DataSet data) {
    throw unsupported();
  }

  @Override
  public final void fit(INDArray examples, int[] classes) {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "this layer's network is trained by an engine (train.engine)");
  }
}
