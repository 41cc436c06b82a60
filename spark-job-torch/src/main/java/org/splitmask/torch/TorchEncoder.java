/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.device.NativeThreads;
import org.splitmask.torch.network.Autocast;
import org.splitmask.torch.network.PositionTable;
import org.splitmask.torch.network.TransformerForward;
import org.splitmask.torch.network.TransformerForward.Survivals;
import org.splitmask.torch.tensor.FlatState;
import org.splitmask.torch.tensor.Scopes;
import org.splitmask.torch.tensor.Uploads;
import org.splitmask.train.engine.FrozenEncoder;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.VisionEncoder;
import org.splitmask.train.parameter.ParameterManifest;

/** An encoder on libtorch: one vector of parameters on the device, and views of it. */
final class TorchEncoder implements FrozenEncoder {
  private static final int PATCHES_AT_ONCE = 4096;

  /** A card waits for pictures with few; with many more, tasks that share it have no room. */
  private static final int PATCHES_AT_ONCE_ON_A_CARD = 8192;

  private final NetworkShape shape;
  private final ComputeDevice device;
  private final Autocast autocast;
  private final int threads;
  private final Uploads uploads;
  private final PositionTable positions;
  private final Tensor parameters;
  private final Map<String, Tensor> views = new HashMap<>();
  private boolean isClosed;

  TorchEncoder(
      NetworkShape shape, float[] values, ComputeDevice device, Precision precision, int threads) {
    this.shape = shape;
    this.device = device;
    this.threads = threads;
    this.autocast = new Autocast(device, precision);
    this.uploads = Uploads.to(device);
    this.positions = new PositionTable(shape, device);
    ParameterManifest layout = VisionEncoder.layout(shape);
    Check.invariant(
        values.length == layout.length(),
        "%d parameters for an encoder of %d",
        values.length,
        layout.length());
    device.enter();
    try (PointerScope scope = new PointerScope()) {
      Tensor here = Tensor.create(values, values.length);
      this.parameters = here.to(device.device(), ScalarType.Float).retainReference();
      for (ParameterManifest.Entry entry : layout.entries()) {
        views.put(entry.name(), FlatState.view(parameters, entry).retainReference());
      }
    }
  }

  /** Closed where it fails: the next try needs the memory. */
  @Override
  public List<float[]> features(float[] patches) {
    try {
      return encode(patches);
    } catch (RuntimeException | Error failure) {
      close();
      if (OutOfMemory.is(failure)) {
        throw Check.failure(
            Blame.USER,
            "%s has no memory for the features of %d pictures at once; let fewer tasks share it"
                + " (spark.executor.cores, spark.task.resource.gpu.amount), or use device=cpu",
            device.words(),
            patches.length / (shape.patches() * shape.patchValues()));
      }
      throw failure;
    }
  }

  private List<float[]> encode(float[] patches) {
    device.enter();
    NativeThreads.use(threads);
    autocast.prepare();
    int images = patches.length / (shape.patches() * shape.patchValues());
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      uploads.begin();
      Tensor pictures = uploads.floats(patches);
      uploads.arrive();
      Tensor means =
          autocast.during(
              () -> encoded(pictures.view(images, shape.patches(), shape.patchValues())));
      return rows(means.to(ScalarType.Float).cpu(), images);
    }
  }

  /** The mean of each picture's outputs, [N, D]. */
  private Tensor encoded(Tensor pictures) {
    TransformerForward network = new TransformerForward(shape, this::parameter);
    Tensor x = network.linear("embedding", pictures).add(positions.of(this::parameter));
    for (int i = 0; i < shape.depth(); i++) {
      Tensor input = x;
      String name = TransformerForward.encoderBlock(i);
      x = Scopes.freeingAllBut(() -> network.block(name, input, Survivals.WHOLE));
    }
    return network.norm("encoder.norm", x).mean(1);
  }

  private Tensor parameter(String name) {
    return Check.present(views.get(name), "an encoder has no parameter %s", name);
  }

  private List<float[]> rows(Tensor means, int images) {
    FloatPointer values = new FloatPointer(means.contiguous().data_ptr());
    List<float[]> rows = new ArrayList<>();
    for (int n = 0; n < images; n++) {
      float[] row = new float[shape.width()];
      values.position((long) n * row.length).get(row);
      rows.add(row);
    }
    return rows;
  }

  @Override
  public int picturesAtOnce() {
    int patches = device.isCpu() ? PATCHES_AT_ONCE : PATCHES_AT_ONCE_ON_A_CARD;
    return Math.max(1, patches / shape.patches());
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    device.enter();
    views.values().forEach(Tensor::close);
    parameters.close();
    positions.close();
    uploads.close();
    device.emptyCache();
  }
}
