/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendedFilesTest {
  private static final String NAME = "metrics.jsonl";

  @TempDir private Path folder;

  /** The local disk as a session has it, one that can add to files, and one that cannot. */
  @ParameterizedTest
  @ValueSource(strings = {"", "steps:", "objects:", "puts:"})
  void whatIsAddedFollowsWhatWasThere(String scheme) throws IOException {
    RunFiles files = files(scheme);
    files.append(NAME, bytes("one\n"));
    assertThat(files.text(NAME)).isEqualTo("one\n");
    files.append(NAME, bytes("two\n"));
    files.append(NAME, bytes("three\n"));
    assertThat(files.text(NAME)).isEqualTo("one\ntwo\nthree\n");
    try (Stream<Path> inside = Files.list(folder.resolve("run"))) {
      assertThat(inside.map(file -> file.getFileName().toString())).containsExactly(NAME);
    }
  }

  /** As runs of earlier versions left it: a file and Hadoop's checksums of it. */
  @Test
  void aFileWithChecksumsCanBeAddedTo() throws IOException {
    RunFiles files = files("");
    files.write(files.path(NAME), out -> out.write(bytes("one\n")));
    assertThat(folder.resolve("run/." + NAME + ".crc")).exists();
    files.append(NAME, bytes("two\n"));
    assertThat(files.text(NAME)).isEqualTo("one\ntwo\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"steps:", "objects:", "puts:"})
  void aKillLosesNothingOfWhatWasThere(String scheme) throws IOException {
    files(scheme).append(NAME, bytes("one\n"));
    boolean killed = true;
    for (int point = 1; killed; point++) {
      String before = files(scheme).text(NAME);
      RunFiles files = files(scheme);
      killed = StepsOnlyFileSystem.killedAt(point, () -> files.append(NAME, bytes("two\n")));
      assertThat(files(scheme).text(NAME)).startsWith(before);
    }
    assertThat(files(scheme).text(NAME)).endsWith("two\n");
  }

  /** As HDFS does when the only data node of a file is slow: the stream breaks in mid-writing. */
  @Test
  void whatCannotBeAddedReplacesTheFile() throws IOException {
    RunFiles files = files("breaking:");
    files.append(NAME, bytes("one\n"));
    files.append(NAME, bytes("two\n"));
    files.append(NAME, bytes("three\n"));

    assertThat(files.text(NAME)).isEqualTo("one\ntwo\nthree\n");
  }

  private RunFiles files(String scheme) {
    Configuration hadoop = StepsOnlyFileSystem.configuration();
    hadoop.set("fs.objects.impl", NoAppendFileSystem.class.getName());
    hadoop.set("fs.puts.impl", PutsOnlyFileSystem.class.getName());
    hadoop.set("fs.breaking.impl", BreakingFileSystem.class.getName());
    return new RunFiles(scheme + folder.resolve("run"), hadoop);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The local disk under the scheme {@code objects:}, which cannot add to files. */
  public static final class NoAppendFileSystem extends RawLocalFileSystem {
    @Override
    public String getScheme() {
      return "objects";
    }

    @Override
    public URI getUri() {
      return URI.create("objects:///");
    }

    @Override
    public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability)
        throws IOException {
      return !capability.equals(CommonPathCapabilities.FS_APPEND)
          && super.hasPathCapability(path, capability);
    }

    @Override
    public FSDataOutputStream append(
        org.apache.hadoop.fs.Path file, int bufferSize, Progressable progress) {
      throw new UnsupportedOperationException("objects are not added to");
    }
  }

  /** The local disk under the scheme {@code breaking:}; half of what is added to a file gets in. */
  public static final class BreakingFileSystem extends RawLocalFileSystem {
    @Override
    public String getScheme() {
      return "breaking";
    }

    @Override
    public URI getUri() {
      return URI.create("breaking:///");
    }

    @Override
    public FSDataOutputStream append(
        org.apache.hadoop.fs.Path file, int bufferSize, Progressable progress) throws IOException {
      OutputStream whole = super.append(file, bufferSize, progress);
      return new FSDataOutputStream(
          new FilterOutputStream(whole) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              whole.write(bytes, from, length / 2);
              throw new IOException("no more good datanodes being available to try");
            }
          },
          null);
    }
  }
}
