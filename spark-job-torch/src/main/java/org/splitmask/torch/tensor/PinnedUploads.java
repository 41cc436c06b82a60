/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceGuardImplInterface;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.EventFlag;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.splitmask.torch.device.ComputeDevice;

/**
 * Copies to a card, on a stream of their own and from pinned memory. The thread that takes steps
 * only queues the card's work, so the next mini-batch travels while the card computes the step
 * before.
 *
 * <p>One pinned vector for each kind of scalar is enough: {@link #begin} waits for the copies of
 * the mini-batch before, which were queued ahead of its step and have ended as a rule. On the card,
 * each mini-batch has memory of its own.
 */
public final class PinnedUploads implements Uploads {
  private final ComputeDevice device;
  private final DeviceGuardImplInterface streams;
  private final Stream copies;

  /** When the mini-batch has arrived; CUDA makes the event at its first use. */
  private final PointerPointer<Pointer> arrived = new PointerPointer<>(1);

  private @Nullable Tensor pinnedFloats;
  private @Nullable Tensor pinnedLongs;
  private long bytes;

  PinnedUploads(ComputeDevice device) {
    this.device = device;
    this.streams = torch.getDeviceGuardImpl(device.type());
    this.copies = streams.getStreamFromGlobalPool(device.device(), /* isHighPriority= */ false);
    copies.retainReference();
    arrived.put(0, (Pointer) null);
    arrived.retainReference();
  }

  @Override
  public void begin() {
    copies.synchronize(); // the pinned vectors are written now
  }

  @Override
  public Tensor floats(float[]... parts) {
    long length = Uploads.length(parts);
    pinnedFloats = roomFor(length, pinnedFloats, ScalarType.Float);
    Uploads.write(parts, pinnedFloats);
    return sent(pinnedFloats.narrow(0, 0, length));
  }

  @Override
  public Tensor longs(long[]... parts) {
    long length = Uploads.length(parts);
    pinnedLongs = roomFor(length, pinnedLongs, ScalarType.Long);
    Uploads.write(parts, pinnedLongs);
    return sent(pinnedLongs.narrow(0, 0, length));
  }

  private static Tensor roomFor(long length, @Nullable Tensor pinned, ScalarType scalars) {
    if (pinned != null && pinned.numel() >= length) {
      return pinned;
    }
    if (pinned != null) {
      pinned.close();
    }
    TensorOptions options = new TensorOptions(scalars).pinned_memory(new BoolOptional(true));
    return Uploads.vector(length, options).retainReference();
  }

  private Tensor sent(Tensor pinned) {
    Stream computing = streams.exchangeStream(copies);
    try {
      Tensor there =
          pinned.to(
              device.options(pinned.scalar_type()),
              /* non_blocking= */ true,
              /* copy= */ true,
              new MemoryFormatOptional());
      there.record_stream(computing); // its memory is free when that stream is done with it
      bytes += there.nbytes();
      return there;
    } finally {
      streams.exchangeStream(computing);
    }
  }

  @Override
  public void arrive() {
    byte index = (byte) device.ordinal();
    streams.record(arrived, copies, index, EventFlag.PYTORCH_DEFAULT);
    streams.block(arrived.get(0), streams.getStream(device.device()));
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    Pointer event = arrived.get(0);
    if (event != null) {
      streams.destroyEvent(event, (byte) device.ordinal());
    }
    arrived.close();
    copies.close();
    if (pinnedFloats != null) {
      pinnedFloats.close();
    }
    if (pinnedLongs != null) {
      pinnedLongs.close();
    }
  }
}
