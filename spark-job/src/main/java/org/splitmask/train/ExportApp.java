/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.train.checkpoint.TrainedEncoder;
import org.splitmask.train.checkpoint.TrainedRun;
import org.splitmask.train.export.EncoderExporter;
import org.splitmask.train.local.TrainerSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: the encoder of a run's newest checkpoint as one file. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Writes a run's encoder as a file that other programs read.",
    sortOptions = false)
public final class ExportApp implements Callable<Map<String, Object>> {
  /** The formats of encoder files. */
  enum Format {
    /** Named tensors, weights as [out, in], with the encoder's sizes as metadata. */
    safetensors
  }

  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder, which train was given as --output.")
  private String run = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "safetensors",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.safetensors;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file; an existing one is replaced.")
  private String output = "";

  @Mixin private ResolutionOption resolution = new ResolutionOption();

  public static void main(String[] arguments) {
    System.exit(new CommandRunner(System.out, System.err).run(new ExportApp(), arguments));
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Configuration hadoop = new Configuration();
    TrainedRun trained = TrainedRun.open(run, hadoop);
    TrainerSettings settings =
        trained.settings(
            PatchTable.open(trained.table().location(), hadoop)
                .snapshot(trained.table().snapshot()));
    EncoderExporter exporter =
        new EncoderExporter(TrainedEncoder.read(trained, settings, resolution.cropSize()));
    Path file = new Path(output);
    FileSystem files = file.getFileSystem(hadoop);
    Path aside = new Path(file.getParent(), "." + file.getName() + ".tmp");
    try (OutputStream out = files.create(aside, true)) {
      exporter.tensors().write(out);
    }
    files.delete(file, false);
    if (!files.rename(aside, file)) {
      throw new IOException("cannot rename " + aside + " to " + file);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("file", output);
    result.put("format", format.name());
    result.put("bytes", files.getFileStatus(file).getLen());
    result.put("tensors", exporter.tensors().tensors().size());
    result.putAll(exporter.metadata());
    return result;
  }
}
