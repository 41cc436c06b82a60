/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;

/**
 * The cards that libtorch finds in this process. The driver's program is asked first: what it says
 * is wrong, libtorch would tell less well or not at all.
 *
 * @param all the machine's, as the driver's program tells of them
 * @param visible the variable CUDA_VISIBLE_DEVICES, if it is set
 * @param byBus whether CUDA counts cards as the driver does
 */
public record ProcessCards(List<Card> all, @Nullable String visible, boolean byBus)
    implements Cards {
  /** Workers of one machine have temporary folders of their own on YARN. */
  private static final Path SHARED = Path.of("/tmp");

  /** What the program said in this process; it takes seconds where nothing holds the driver. */
  private static List<Card> told = List.of();

  public ProcessCards {
    all = List.copyOf(all);
  }

  /** What the driver's program tells of this machine, asked once. */
  static synchronized List<Card> driversCards() {
    if (told.isEmpty()) {
      told = NvidiaSmi.onPath().cards();
    }
    return told;
  }

  @Override
  public Optional<String> missing() {
    Optional<String> obstacle = card().flatMap(Card::obstacle);
    if (obstacle.isPresent()) {
      return obstacle.map(reason -> "GPU " + ordinal() + " cannot be used: " + reason);
    }
    int count = Libtorch.cards();
    if (count == 0) {
      return Optional.of(
          Libtorch.isForCards()
              ? "libtorch finds no GPU here: the machine has no NVIDIA driver, or no GPU that this"
                  + " process may use (nvidia-smi and CUDA_VISIBLE_DEVICES tell)"
              : "this spark-job-torch.jar has the libraries of processors alone: build it with"
                  + " -Dtorch.natives=linux-x86_64-gpu (docs/gpu.md)");
    }
    if (ordinal() >= count) {
      return Optional.of(
          "the task was given GPU "
              + ordinal()
              + ", and the process sees "
              + count
              + "; look at CUDA_VISIBLE_DEVICES and at Spark's discovery script");
    }
    return Optional.empty();
  }

  @Override
  public int ordinal() {
    return address().map(ProcessCards::number).orElse(0);
  }

  private static int number(String address) {
    Check.that(
        address.matches("\\d{1,3}"),
        "Spark gave this task the GPU '%s', and an ordinal number is needed; use a discovery script"
            + " that prints such, as Spark's own getGpusResources.sh does",
        address);
    return Integer.parseInt(address);
  }

  /** What Spark gave to this task (spark.task.resource.gpu.amount). */
  private static Optional<String> address() {
    TaskContext task = TaskContext.get();
    if (task == null) {
      return Optional.empty();
    }
    ResourceInformation gpu = task.resourcesJMap().get("gpu");
    return gpu == null ? Optional.empty() : Optional.of(gpu.addresses()[0]);
  }

  @Override
  public Optional<Card> card() {
    return Card.seenAs(all, visible, byBus, ordinal());
  }

  @Override
  public String name() {
    return card().map(Card::uuid).orElseGet(this::visibleName);
  }

  /** As CUDA_VISIBLE_DEVICES calls it: with MIG, several workers have an ordinal of 0. */
  private String visibleName() {
    String[] names = visible == null ? new String[0] : visible.strip().split("\\s*,\\s*", -1);
    String own = ordinal() < names.length ? names[ordinal()] : String.valueOf(ordinal());
    return (own.matches("\\d+") ? "GPU-" + own : own).replaceAll("[^A-Za-z0-9-]", "-");
  }

  @Override
  public Path locks() {
    return Files.isWritable(SHARED) ? SHARED : Path.of(System.getProperty("java.io.tmpdir", "."));
  }
}
