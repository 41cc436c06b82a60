/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

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

/**
 * Copies to a card, on a stream of their own and from pinned memory: while the card computes a
 * step, the next one's mini-batch travels. The thread that takes steps does not wait for the card,
 * so it is ahead of it by as many steps as the driver's queue holds.
 *
 * <p>One pinned vector for each kind of scalar is enough. When it is written again, a copy from it
 * has long ended, since the kernels of a whole step were queued in the meantime; on the device,
 * each mini-batch has memory of its own.
 */
final class PinnedUploads implements Uploads {
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
