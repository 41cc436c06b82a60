/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.splitmask.common.cli.CatalogOption;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.HadoopSettings;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.train.checkpoint.CheckpointChoice;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.encoder.TrainedEncoder;
import org.splitmask.train.encoder.TrainedRun;
import org.splitmask.train.export.EncoderFormat;
import org.splitmask.train.export.EncoderFormats;
import org.splitmask.train.splitmask.SplitMaskTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: the encoder of a run's checkpoint as one file. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Writes a run's encoder as a file that other programs read.",
    sortOptions = false)
public final class ExportApp implements Callable<Map<String, Object>> {
  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder, which train was given as --output.")
  private String run = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String format = "safetensors";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file; an existing one is replaced.")
  private String output = "";

  @Mixin private CatalogOption catalog = new CatalogOption();
  @Mixin private CheckpointOption checkpoint = new CheckpointOption();
  @Mixin private ResolutionOption resolution = new ResolutionOption();

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new ExportApp(), arguments), System::exit);
  }

  /** The words of {@code --format}, for the help. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return EncoderFormats.words().iterator();
    }
  }

  @Override
  public Map<String, Object> call() throws IOException {
    EncoderFormat wanted = EncoderFormats.of(format);
    CheckpointChoice choice = checkpoint.choice();
    Configuration hadoop = HadoopSettings.ofApplication();
    TrainedRun trained = TrainedRun.open(run, hadoop);
    TableAddress table = new TableAddress(trained.table().location(), catalog.file());
    TrainedEncoder encoder;
    try (PatchTable patches = PatchTable.open(table, hadoop)) {
      SplitMaskTask task = trained.task(patches.snapshot(trained.table().snapshot()));
      encoder = TrainedEncoder.read(trained, choice, task, resolution.cropSize());
    }
    Path file = new Path(output);
    FileSystem files = file.getFileSystem(hadoop);
    RunFiles folder = new RunFiles(files.makeQualified(file).getParent().toString(), hadoop);
    folder.replace(file.getName(), out -> wanted.write(encoder, out));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("file", output);
    result.put("format", wanted.word());
    result.put("bytes", files.getFileStatus(file).getLen());
    // Their own "format" is the one in the file.
    result.putAll(wanted.description(encoder));
    return result;
  }
}
