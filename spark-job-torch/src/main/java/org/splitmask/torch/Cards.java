/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.bytedeco.pytorch.global.torch;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/** The NVIDIA cards of a process. */
interface Cards {
  /** Why there is none that can be used, and what to do; empty where there is one. */
  Optional<String> missing();

  /** The number, among those that this process sees, of the card that is this worker's. */
  int ordinal();

  /** Those that libtorch finds here. */
  static Cards ofThisProcess() {
    return new Cards() {
      @Override
      public Optional<String> missing() {
        try {
          torch.cuda_device_count();
        } catch (LinkageError failure) {
          // Also later: a class whose libraries could not be loaded is lost for this process.
          throw Check.failure(
              Blame.USER,
              "libtorch cannot be loaded (%s); the jar for GPUs needs CUDA 13's libraries, the image"
                  + " of deploy/docker/Dockerfile.gpu has them; for processors take the jar for"
                  + " processors (docs/gpu.md)",
              String.valueOf(failure.getMessage()));
        }
        if (torch.cuda_device_count() == 0) {
          return Optional.of(
              "libtorch finds no GPU here: either this spark-job-torch.jar has the libraries of"
                  + " processors alone (build it with -Dtorch.natives=linux-x86_64-gpu), or the"
                  + " machine has no NVIDIA driver for CUDA 13 (nvidia-smi tells), or no card");
        }
        if (ordinal() >= torch.cuda_device_count()) {
          return Optional.of(
              "the task was given GPU "
                  + ordinal()
                  + ", and the process sees "
                  + torch.cuda_device_count()
                  + "; look at CUDA_VISIBLE_DEVICES and at Spark's discovery script");
        }
        return Optional.empty();
      }

      @Override
      public int ordinal() {
        return address().map(Cards::number).orElse(0);
      }
    };
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
    Map<String, ResourceInformation> resources = task.resourcesJMap();
    ResourceInformation gpu = resources.get("gpu");
    return gpu == null ? Optional.empty() : Optional.of(gpu.addresses()[0]);
  }
}
