/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.Diagnosis;
import org.splitmask.common.failure.SplitMaskException;

/**
 * The file of {@code --result}, on any Hadoop filesystem: what became of a command, for callers
 * that see neither its standard output nor its exit code. One JSON object:
 *
 * <pre>{"exit": {"code": 0, "name": "done", "worthRetry": false}, "result": {...}}</pre>
 *
 * <p>or with {@code message} in place of {@code result}. Until the command has ended, {@code exit}
 * is null, so that nobody takes the result of an earlier run for that of this one.
 */
public final class ResultFile {
  private static final String SUBMITTED = "submitted";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A result has some dozens of figures; anything longer is another file. */
  private static final int LONGEST_BYTES = 1 << 20;

  private final Path file;

  public ResultFile(String file) {
    Check.that(!file.isBlank(), "--result needs the name of a file");
    this.file = new Path(file);
  }

  /** Says that the command runs. A file that cannot be written is found out before any work. */
  public void begin() {
    mark("running");
  }

  /** Says that the command is to run elsewhere; its own {@link #begin} comes later. */
  public void submit() {
    mark(SUBMITTED);
  }

  private void mark(String state) {
    try {
      write(new Content(null, state, null));
    } catch (IOException e) {
      Diagnosis diagnosis = Diagnosis.of(e);
      throw new SplitMaskException(
          diagnosis.blame(),
          "the file of --result, " + file + ", cannot be written: " + diagnosis.message(),
          e);
    }
  }

  /** The result of a command that is done. */
  public void done(@Nullable Map<String, Object> result) throws IOException {
    write(new Content(new Exit(0, "done", false), null, result));
  }

  /** Why a command failed. */
  public void failed(Blame blame, String message) throws IOException {
    Exit exit = new Exit(blame.exitCode(), blame.word(), blame.worthRetry());
    write(new Content(exit, message, null));
  }

  /**
   * The result of a command that is done.
   *
   * @throws org.splitmask.common.failure.SplitMaskException for a command that failed, with its
   *     message and blame; blaming the cluster where a command has not begun or not ended, and the
   *     data where this is no result of a command
   */
  public Map<String, Object> read() throws IOException {
    FileSystem files = file.getFileSystem(HadoopSettings.ofApplication());
    Check.cluster(files.exists(file), "there is no result at %s: its command has not begun", file);
    byte[] bytes;
    try (FSDataInputStream stream = files.open(file)) {
      bytes = stream.readNBytes(LONGEST_BYTES + 1);
    }
    Check.data(
        bytes.length <= LONGEST_BYTES,
        "%s is longer than %d bytes; it is no result of a command",
        file,
        LONGEST_BYTES);
    Content content;
    try {
      content = JSON.readValue(bytes, Content.class);
    } catch (JsonProcessingException e) {
      // Its writer may have been killed between the creation and the last byte.
      throw new SplitMaskException(
          Blame.CLUSTER, file + " is cut off, or no result of a command", e);
    }
    Exit exit = content.exit();
    if (exit == null) {
      Check.cluster(
          !SUBMITTED.equals(content.message()),
          "the command of %s was submitted and has not begun: its driver was not started, or waits"
              + " for room",
          file);
      throw Check.failure(
          Blame.CLUSTER, "the command of %s has not ended: it still runs, or was killed", file);
    }
    if (exit.code() != 0) {
      throw new SplitMaskException(
          Blame.ofExitCode(exit.code()), String.valueOf(content.message()));
    }
    return content.result() == null ? Map.of() : content.result();
  }

  /** The file's object. */
  private record Content(
      @Nullable Exit exit, @Nullable String message, @Nullable Map<String, Object> result) {}

  private record Exit(int code, String name, boolean worthRetry) {}

  /** Small enough to be one write; a reader sees the old file, the new one, or a broken one. */
  private void write(Content content) throws IOException {
    FileSystem files = file.getFileSystem(HadoopSettings.ofApplication());
    try (OutputStream stream = files.create(file, true)) {
      stream.write(JSON.writeValueAsBytes(content));
    }
  }
}
