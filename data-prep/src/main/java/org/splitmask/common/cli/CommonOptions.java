/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.HadoopSettings;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of commands that take a configuration; mixed in with picocli's {@code @Mixin}. */
public final class CommonOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "YAML file of keys, on this machine or on any filesystem of Hadoop's; the command line's"
              + " key=value wins over it.")
  private @Nullable String file;

  @Parameters(
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings; see the keys below.")
  private List<String> words = new ArrayList<>();

  /** The given settings: command line over file. Defaults are the records' own. */
  public KeyValues settings() throws IOException {
    return settings(List.of());
  }

  /**
   * The given settings, with words that another option swallowed: {@code --input a b key=value}
   * reads all three as inputs.
   */
  public KeyValues settings(List<String> more) throws IOException {
    KeyValues fromFile = KeyValues.none();
    if (file != null) {
      Path path = HadoopSettings.file(file);
      FileSystem files = path.getFileSystem(HadoopSettings.ofApplication());
      Check.that(
          files.exists(path) && files.getFileStatus(path).isFile(),
          "no configuration file at %s (--config)%s",
          files.makeQualified(path),
          HadoopSettings.isDriverElsewhere()
              ? "; the driver is on another machine, and has to see the file: on YARN and Kubernetes"
                  + " spark-submit takes it along with --files, elsewhere it lies where all machines"
                  + " see it"
              : "");
      try (InputStream stream = files.open(path)) {
        fromFile = KeyValues.ofYaml(stream, file);
      }
    }
    List<String> all = new ArrayList<>(words);
    all.addAll(more);
    return KeyValues.ofWords(all).over(fromFile);
  }
}
