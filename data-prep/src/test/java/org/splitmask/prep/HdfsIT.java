/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableSnapshot;

/** Pictures from HDFS, and the table onto it: one name node and one data node in this process. */
class HdfsIT {
  private static final int PICTURES = 12;

  @TempDir private Path folder;
  private MiniDFSCluster cluster;
  private FileSystem hdfs;
  private String home = "";

  @BeforeEach
  void start() throws IOException {
    Configuration hadoop = new HdfsConfiguration();
    hadoop.setInt("ipc.client.connect.max.retries", 1); // ten by default, a second apart
    File base = folder.resolve("hdfs").toFile();
    cluster = new MiniDFSCluster.Builder(hadoop, base).numDataNodes(1).build();
    hdfs = cluster.getFileSystem();
    home = hdfs.getUri().toString();
  }

  @AfterEach
  void stop() throws IOException {
    hdfs.close();
    cluster.shutdown();
  }

  @Test
  void picturesInFoldersAndContainersBecomeATable() throws IOException {
    Map<String, byte[]> shard = new LinkedHashMap<>();
    for (int i = 0; i < PICTURES; i++) {
      write("/in/hats/spa ce %d.jpg".formatted(i), picture(i));
      shard.put(i + ".jpg", picture(100 + i));
      shard.put(i + ".cls", "bags".getBytes(StandardCharsets.UTF_8));
    }
    write("/in/shards/a.tar", Archives.tar(shard));
    write("/zips/b.zip", Archives.zip(Map.of("shoes/x.jpg", picture(200))));
    write(
        "/list.txt",
        "in/hats/spa ce 0.jpg\n/zips/b.zip\nco:lon.jpg\n".getBytes(StandardCharsets.UTF_8));

    Map<String, Object> result =
        prepare(List.of(home + "/in", home + "/z*/*.zip"), home + "/tables/a");

    assertThat(result).containsEntry("accepted", 2L * PICTURES + 1);
    assertThat(result).containsEntry("companions", (long) PICTURES);
    assertThat(result).containsEntry("rejected", 0L);
    TableSnapshot snapshot = PatchTable.open(home + "/tables/a", hdfs.getConf()).snapshot();
    assertThat(snapshot.labels()).containsExactly("bags", "hats", "shoes");
    assertThat(hdfs.exists(new org.apache.hadoop.fs.Path("/tables/a/patches/metadata"))).isTrue();

    Map<String, Object> listed =
        prepare(List.of(home + "/list.txt"), home + "/tables/b", "max-rejected-share=0.5");
    assertThat(listed).containsEntry("found", 3L).containsEntry("accepted", 2L);
    assertThat(listed).containsEntry("rejectedByReason", Map.of("unreadable", 1L));
  }

  @Test
  void whatTheClusterCannotGiveIsTheClustersFailureAndWorthARetry() throws IOException {
    write("/in/a.jpg", picture(1));
    String input = home + "/in";
    cluster.shutdown();

    assertThatThrownBy(() -> prepare(List.of(input), folder + "/table"))
        .hasMessageContaining("Connection refused")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
  }

  private static byte[] picture(int seed) {
    return Pictures.jpeg(Pictures.noise(40, 40, seed));
  }

  private static Map<String, Object> prepare(List<String> inputs, String table, String... more)
      throws IOException {
    KeyValues small = KeyValues.ofWords(List.of("image-size=32", "patch-size=8"));
    KeyValues settings = KeyValues.ofWords(List.of(more)).over(small);
    return PrepareApp.prepare(LocalSpark.session(), inputs, table, null, settings);
  }

  private void write(String path, byte[] content) throws IOException {
    try (OutputStream stream = hdfs.create(new org.apache.hadoop.fs.Path(path))) {
      stream.write(content);
    }
  }
}
