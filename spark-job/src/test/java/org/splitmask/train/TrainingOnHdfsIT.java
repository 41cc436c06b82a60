/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.PrepareApp;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.engine.host.HostEncoders;

/** Table and run on HDFS: one name node and one data node in this process. */
class TrainingOnHdfsIT extends TrainingFixture {
  private static MiniDFSCluster cluster;
  private static FileSystem hdfs;
  private static String home = "";
  private static String hdfsTable = "";

  @BeforeAll
  static void startHdfs() throws IOException {
    Configuration hadoop = new HdfsConfiguration();
    cluster =
        new MiniDFSCluster.Builder(hadoop, folder.resolve("hdfs").toFile()).numDataNodes(1).build();
    hdfs = cluster.getFileSystem();
    home = hdfs.getUri().toString();
    hdfsTable = home + "/tables/small";
    PrepareApp.prepare(
        session,
        List.of(folder.resolve("pictures").toString()),
        hdfsTable,
        null,
        KeyValues.ofWords(
            List.of("image-size=24", "patch-size=4", "min-side=1", "test-share=0.3")));
  }

  @AfterAll
  static void stopHdfs() throws IOException {
    hdfs.close();
    cluster.shutdown();
  }

  /** The run goes on where it ended, and comes to the same as the same run on a local disk. */
  @Test
  void trainingResumingEvaluatingAndExporting() throws IOException {
    String run = home + "/runs/a";
    String local = folder.resolve("local").toString();

    Map<String, Object> first = trainOn(hdfsTable, run, "workers=2", "epochs=2");
    Map<String, Object> resumed = trainOn(hdfsTable, run, "workers=2", "epochs=4");
    trainOn(hdfsTable, local, "workers=2", "epochs=2");
    trainOn(hdfsTable, local, "workers=2", "epochs=4");

    assertThat((Long) resumed.get("updates")).isGreaterThan((Long) first.get("updates"));
    assertThat(resumed.get("checkpoint").toString()).startsWith(run + "/checkpoints/round-");
    assertThat(names(run))
        .containsExactly(
            "checkpoints",
            "codebook.safetensors",
            "config.yaml",
            "metrics.jsonl",
            "table.json",
            "tensorboard",
            "tokens.json");
    assertThat(new RunFiles(run, hdfs.getConf()).text("config.yaml")).contains("epochs: '4'");
    Path copy = folder.resolve("copy");
    FileUtil.copy(hdfs, new org.apache.hadoop.fs.Path(run), copy.toFile(), false, hdfs.getConf());
    assertThat(parameters(copy.toString())).isEqualTo(parameters(local));

    Map<String, Object> evaluation =
        EvaluateApp.Request.all(new HostEncoders())
            .evaluate(session, run, TableAddress.folder(hdfsTable));
    assertThat(evaluation).containsKeys("knn", "linear");
    assertThat(names(run)).contains("evaluation.json");

    String file = home + "/encoders/a.safetensors";
    for (int i = 0; i < 2; i++) { // the second time in the place of the first
      int exit =
          new CommandRunner(System.err, System.err)
              .run(new ExportApp(), new String[] {"--run", run, "--output", file});
      assertThat(exit).isZero();
      assertThat(names(home + "/encoders")).containsExactly("a.safetensors");
    }
  }

  @Test
  void aFileIsReplacedInOneStep() throws IOException {
    RunFiles files = new RunFiles(home + "/replaced", hdfs.getConf());
    files.replace("config.yaml", "old");
    try (InputStream reader = hdfs.open(files.path("config.yaml"))) {
      files.replace("config.yaml", "something else");
      assertThat(reader.readAllBytes()).isEqualTo("old".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(files.text("config.yaml")).isEqualTo("something else");
    assertThat(names(home + "/replaced")).containsExactly("config.yaml");
  }

  private static List<String> names(String folder) throws IOException {
    return Stream.of(hdfs.listStatus(new org.apache.hadoop.fs.Path(folder)))
        .map(FileStatus::getPath)
        .map(org.apache.hadoop.fs.Path::getName)
        .sorted()
        .toList();
  }
}
