/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.nio.file.Path;
import java.util.Optional;

/** The NVIDIA cards of a process, of which one is its worker's. */
public interface Cards {
  /** Why the worker's card cannot be used, and what to do; empty where it can. */
  Optional<String> missing();

  /** The number of the worker's card, among those that this process sees. */
  int ordinal();

  /** The worker's card, where the driver's program tells of it. */
  Optional<Card> card();

  /** A name of the worker's card that no other card of the machine has, for a file. */
  String name();

  /** The folder where the workers of this machine tell one another which cards are taken. */
  Path locks();

  /** Those that libtorch finds here. */
  static Cards ofThisProcess() {
    return new ProcessCards(
        ProcessCards.driversCards(),
        System.getenv("CUDA_VISIBLE_DEVICES"),
        "PCI_BUS_ID".equals(System.getenv("CUDA_DEVICE_ORDER")));
  }
}
