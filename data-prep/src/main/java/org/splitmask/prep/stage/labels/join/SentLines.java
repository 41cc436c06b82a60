/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.splitmask.prep.stage.labels.LabelFile;
import org.splitmask.prep.stage.labels.ListedLine;
import org.splitmask.prep.stage.labels.PathKinds;

/**
 * Reads a label file on the driver, which alone may see it, and sends it to the executors in
 * chunks. Of the chunks that it sent the driver keeps no more than Spark's storage has room for in
 * memory: the others are on its disk.
 */
final class SentLines {
  private static final int CHUNK_BYTES = 4 << 20;

  private final JavaSparkContext spark;
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
  private final List<Broadcast<byte[]>> sent = new ArrayList<>();

  private SentLines(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * A label file that was read.
   *
   * @param lines as {@link ListedLine#toBytes} writes them
   */
  record Read(JavaRDD<byte[]> lines, PathKinds kinds) {}

  static Read read(JavaSparkContext spark, String location, Configuration hadoop)
      throws IOException {
    SentLines lines = new SentLines(spark);
    PathKinds kinds = LabelFile.read(location, hadoop, lines::add);
    lines.send();
    return new Read(
        spark.parallelize(lines.sent, lines.sent.size()).flatMap(new LinesOfChunk()), kinds);
  }

  private void add(ListedLine line) {
    byte[] bytes = line.toBytes();
    chunk.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    chunk.writeBytes(bytes);
    if (chunk.size() >= CHUNK_BYTES) {
      send();
    }
  }

  private void send() {
    sent.add(spark.broadcast(chunk.toByteArray()));
    chunk.reset();
  }

  private record LinesOfChunk() implements FlatMapFunction<Broadcast<byte[]>, byte[]> {
    @Override
    public Iterator<byte[]> call(Broadcast<byte[]> chunk) {
      ByteBuffer bytes = ByteBuffer.wrap(chunk.value());
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return bytes.hasRemaining();
        }

        @Override
        public byte[] next() {
          if (!hasNext()) {
            throw new NoSuchElementException("all lines have been taken");
          }
          byte[] line = new byte[bytes.getInt()];
          bytes.get(line);
          return line;
        }
      };
    }
  }
}
