/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.common.failure.Check;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;

/**
 * θ, its gradient and Adam's moments as four float32 vectors on a device, [P] each, and the tensors
 * of the network as views of the first two: what autograd adds to a view's gradient is in the flat
 * vector at once, and what the optimizer writes to θ is in the network.
 */
public final class FlatState implements ParameterTensors, AutoCloseable {
  private final Segments segments;
  private final Tensor parameters;
  private final Tensor gradient;
  private final Tensor firstMoment;
  private final Tensor secondMoment;
  private final Map<String, Tensor> views = new HashMap<>();

  public FlatState(ParameterManifest layout, ComputeDevice device) {
    this.segments = Segments.of(layout.length());
    // What is made before something fails goes with the scope: it is kept at the end.
    try (PointerScope scope = new PointerScope()) {
      TensorOptions options = device.options(ScalarType.Float);
      long[] length = {layout.length()};
      this.parameters = torch.torch_zeros(length, options);
      this.gradient = torch.torch_zeros(length, options);
      this.firstMoment = torch.torch_zeros(length, options);
      this.secondMoment = torch.torch_zeros(length, options);
      for (ParameterManifest.Entry entry : layout.entries()) {
        Tensor view = view(parameters, entry).detach().set_requires_grad(true);
        // Autograd adds in place to a gradient that is there.
        view.mutable_grad().put(view(gradient, entry));
        views.put(entry.name(), view);
      }
      all().forEach(Tensor::retainReference);
    }
  }

  /** A tensor of the layout as a part of a vector of all. */
  public static Tensor view(Tensor vector, ParameterManifest.Entry entry) {
    return vector.narrow(0, entry.offset(), entry.length()).view(entry.shape());
  }

  private List<Tensor> all() {
    List<Tensor> all = new ArrayList<>(views.values());
    all.addAll(List.of(parameters, gradient, firstMoment, secondMoment));
    return all;
  }

  public Tensor parameters() {
    return parameters;
  }

  public Tensor gradient() {
    return gradient;
  }

  public Tensor firstMoment() {
    return firstMoment;
  }

  public Tensor secondMoment() {
    return secondMoment;
  }

  /** A tensor of the network, by its name in the layout. */
  @Override
  public Tensor parameter(String name) {
    return Check.present(views.get(name), "there is no parameter %s", name);
  }

  /** Takes a state over. */
  public void write(ModelState state) {
    Segments parts = state.segments();
    Check.invariant(
        parts.length() == segments.length(),
        "a state of %d elements in place of one of %d",
        parts.length(),
        segments.length());
    for (int s = 0; s < parts.count(); s++) {
      StateSegment segment = state.segment(s);
      try (PointerScope scope = new PointerScope()) {
        write(parameters, parts.from(s), segment.parameters());
        if (segment.hasMoments()) {
          write(firstMoment, parts.from(s), segment.firstMoment());
          write(secondMoment, parts.from(s), segment.secondMoment());
        } else {
          firstMoment.narrow(0, parts.from(s), segment.length()).zero_();
          secondMoment.narrow(0, parts.from(s), segment.length()).zero_();
        }
      }
    }
  }

  private static void write(Tensor vector, int from, float[] values) {
    vector.narrow(0, from, values.length).copy_(Tensor.create(values, values.length));
  }

  /** The vectors as they are now, read from the device segment by segment. */
  public ModelState read(long updates) {
    return new OnDevice(this, updates);
  }

  private static float[] read(Tensor vector, int from, int length) {
    float[] values = new float[length];
    try (PointerScope scope = new PointerScope()) {
      new FloatPointer(vector.narrow(0, from, length).cpu().data_ptr()).get(values);
    }
    return values;
  }

  @Override
  public void close() {
    all().forEach(Tensor::close);
    views.clear();
  }

  private record OnDevice(FlatState state, long updates) implements ModelState {
    @Override
    public Segments segments() {
      return state.segments;
    }

    @Override
    public StateSegment segment(int index) {
      return new StateSegment(
          parameters(index), part(state.firstMoment, index), part(state.secondMoment, index));
    }

    @Override
    public float[] parameters(int index) {
      return part(state.parameters, index);
    }

    private float[] part(Tensor vector, int index) {
      return read(vector, state.segments.from(index), state.segments.length(index));
    }
  }
}
