/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import java.util.Locale;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.engine.EngineArtefact;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.ProvidedEncoders;
import org.splitmask.train.engine.ProvidedEngines;
import org.splitmask.train.engine.host.HostEncoders;
import org.splitmask.train.engine.host.HostEngines;

/** What computes the steps, and where. */
public record EngineConfig(
    @Key(
            defaultValue = "dl4j",
            help =
                "what computes; dl4j: Deeplearning4j's networks, on processors; torch:"
                    + " libtorch, on processors or a GPU, which needs spark-job-torch.jar")
        EngineKind engine,
    @Key(
            defaultValue = "cpu",
            help =
                "where engine=torch computes; cpu: the processors of the executor; cuda: an NVIDIA"
                    + " GPU; in a training each worker needs its own, in an evaluation tasks"
                    + " share it")
        DeviceKind device,
    @Key(
            defaultValue = "fail",
            help =
                "what device=cuda does on an executor without a usable GPU; fail: it ends the run;"
                    + " cpu: it computes on processors, which is much slower")
        MissingGpu onMissingGpu,
    @Key(
            defaultValue = "float32",
            help =
                "how exactly engine=torch computes; float32: all products in float32; tf32: on a"
                    + " GPU, products with 10 bits of mantissa; bf16: products in bfloat16;"
                    + " parameters, moments, norms and losses are not rounded")
        Precision precision,
    @Key(
            defaultValue = "false",
            help =
                "whether engine=torch computes the activations of a block again in its backward"
                    + " pass, in place of keeping them: less memory, more time")
        boolean recomputeBlocks)
    implements Serializable {
  private static final EngineArtefact TORCH = new EngineArtefact("torch", "spark-job-torch.jar");

  /** What to do where there is no card. */
  public enum MissingGpu {
    FAIL,
    CPU
  }

  public EngineConfig {
    Check.that(
        engine == EngineKind.TORCH || device == DeviceKind.CPU,
        "device=cuda needs engine=torch; engine=dl4j computes on processors");
    Check.that(
        engine == EngineKind.TORCH || precision == Precision.FLOAT32,
        "precision=%s needs engine=torch; engine=dl4j computes in float32",
        precision.name().toLowerCase(Locale.ROOT));
    Check.that(
        engine == EngineKind.TORCH || !recomputeBlocks,
        "recompute-blocks=true needs engine=torch; engine=dl4j keeps the activations");
  }

  /** What opens such engines. */
  public EngineFactory engines() {
    return switch (engine) {
      case DL4J -> new HostEngines();
      case TORCH -> new ProvidedEngines(TORCH, settings());
    };
  }

  /** What opens encoders for such an engine. */
  public EncoderFactory encoders() {
    return switch (engine) {
      case DL4J -> new HostEncoders();
      case TORCH -> new ProvidedEncoders(TORCH, settings());
    };
  }

  private EngineSettings settings() {
    return new EngineSettings(device, onMissingGpu == MissingGpu.CPU, precision, recomputeBlocks);
  }
}
