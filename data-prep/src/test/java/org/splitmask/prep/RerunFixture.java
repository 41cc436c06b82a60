/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.stage.PrepareRequest;
import org.splitmask.prep.stage.PrepareStage;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;

/** Thirty pictures in two folders, and the runs over them that a test asks for. */
abstract class RerunFixture {
  static final RerunPolicy INCREMENTAL = RerunPolicy.INCREMENTAL;
  static final long LONG_AGO = 1_600_000_000_000L;

  @TempDir protected Path folder;
  protected Path input = Path.of("");
  protected String table = "";
  private int runs;

  @BeforeEach
  void makePictures() throws IOException {
    input = folder.resolve("in");
    table = folder.resolve("table").toString();
    for (int i = 0; i < 30; i++) {
      write((i % 2 == 0 ? "hats/" : "bags/") + i + ".jpg", jpeg(noise(40, 40, i)));
    }
    CountedFiles.opened();
  }

  protected TableContents madeAtOnce() throws IOException {
    String rerun = table;
    table = folder.resolve("at-once-" + ++runs).toString();
    prepare();
    TableContents contents = TableContents.of(table);
    table = rerun;
    CountedFiles.opened();
    return contents;
  }

  protected static Object statistics(String location) {
    return PatchTable.open(location, new Configuration()).snapshot().statistics();
  }

  protected List<Long> snapshots() {
    List<Long> ids = new ArrayList<>();
    for (TableSnapshot snapshot : PatchTable.open(table, new Configuration()).snapshots()) {
      ids.add(snapshot.snapshotId());
    }
    return ids;
  }

  protected Map<String, Object> prepare() throws IOException {
    return prepare(INCREMENTAL);
  }

  protected Map<String, Object> prepare(RerunPolicy policy, String... settings) throws IOException {
    return prepare(List.of("counted:" + input), null, policy, settings);
  }

  protected Map<String, Object> prepare(
      List<String> inputs, @Nullable Path labels, RerunPolicy policy, String... settings)
      throws IOException {
    PrepareRequest request = request(inputs, labels, policy, settings);
    return PrepareReport.json(
        request,
        new PrepareStage(LocalSpark.session(), request, LocalSpark.quietConsole()).run(),
        1);
  }

  /** Where the table is. */
  protected TableAddress address() {
    return TableAddress.folder(table);
  }

  protected PrepareStage stage(List<String> inputs, @Nullable Path labels, RerunPolicy policy) {
    return new PrepareStage(
        LocalSpark.session(), request(inputs, labels, policy), LocalSpark.quietConsole());
  }

  protected PrepareRequest request(
      List<String> inputs, @Nullable Path labels, RerunPolicy policy, String... settings) {
    KeyValues small =
        KeyValues.ofWords(List.of("image-size=32", "patch-size=8", "max-rejected-share=0.9"));
    PrepareConfig config =
        Configurations.bind(PrepareConfig.class, KeyValues.ofWords(List.of(settings)).over(small));
    String names = labels == null ? null : labels.toString();
    return new PrepareRequest(
        inputs, address(), names, config, policy, "run-" + System.nanoTime(), Instant.EPOCH);
  }

  protected void write(String name, byte[] content) throws IOException {
    write(input.resolve(name), content, 0);
  }

  protected static void write(Path file, byte[] content, int run) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    // So that what tests see depends on what they did and not on when.
    Files.setLastModifiedTime(file, FileTime.fromMillis(LONG_AGO + 1000L * run));
  }
}
