/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one task: a file for each split that occurs and one for rejected rows. Closed
 * without {@link #finish}, it deletes what it wrote.
 */
public final class TaskWriter implements Closeable {
  private final WriteTarget target;
  private final PatchRowCodec codec;
  private final OutputFileFactory patchFiles;
  private final OutputFileFactory rejectedFiles;
  private final Map<Split, DataWriter<Record>> writers = new EnumMap<>(Split.class);
  private final Map<Split, Long> images = new EnumMap<>(Split.class);
  private final PixelSums trainPixels;
  private @Nullable DataWriter<Record> rejectedWriter;
  private final List<String> written = new ArrayList<>();
  private boolean finished;

  /**
   * Makes a writer; files appear with the first rows.
   *
   * @param partition the task's place in the order of rows, which file names begin with
   * @param attempt unique among all attempts of all tasks
   */
  public TaskWriter(WriteTarget target, int partition, long attempt) {
    this.target = target;
    this.codec = new PatchRowCodec(target.shape(), target.runId());
    this.patchFiles = files(target.patches(), partition, attempt, target.runId());
    this.rejectedFiles = files(target.rejected(), partition, attempt, target.runId());
    this.trainPixels = new PixelSums(target.shape().channels());
  }

  /** Adds a picture. */
  public void accept(AcceptedRow row) {
    writers.computeIfAbsent(row.split(), this::openPatches).write(codec.encode(row));
    images.merge(row.split(), 1L, Long::sum);
    if (row.split() == Split.TRAIN) {
      trainPixels.add(row.patches());
    }
  }

  /** Adds a rejected file. */
  public void reject(RejectedRow row) {
    if (rejectedWriter == null) {
      rejectedWriter = open(target.rejected(), rejectedFiles.newOutputFile(), null);
    }
    rejectedWriter.write(codec.encode(row));
  }

  /** Completes the files. */
  public TaskFiles finish() throws IOException {
    List<DataFile> patches = new ArrayList<>();
    for (DataWriter<Record> writer : writers.values()) {
      writer.close();
      patches.add(writer.toDataFile());
    }
    List<DataFile> rejected = new ArrayList<>();
    if (rejectedWriter != null) {
      rejectedWriter.close();
      rejected.add(rejectedWriter.toDataFile());
    }
    finished = true;
    return new TaskFiles(patches, rejected, images, trainPixels);
  }

  @Override
  public void close() {
    if (finished) {
      return;
    }
    writers.values().forEach(TaskWriter::closeQuietly);
    if (rejectedWriter != null) {
      closeQuietly(rejectedWriter);
    }
    for (String file : written) {
      deleteQuietly(file);
    }
  }

  private DataWriter<Record> openPatches(Split split) {
    PartitionSpec spec = target.patches().spec();
    GenericRecord partition = GenericRecord.create(spec.partitionType());
    partition.setField(TableLayout.SPLIT, split.word());
    return open(target.patches(), patchFiles.newOutputFile(partition), partition);
  }

  private DataWriter<Record> open(
      Table table, EncryptedOutputFile file, @Nullable StructLike partition) {
    written.add(file.encryptingOutputFile().location());
    Parquet.DataWriteBuilder builder =
        Parquet.writeData(file)
            .forTable(table)
            .createWriterFunc(GenericParquetWriter::create)
            .withSpec(table.spec());
    try {
      return (partition == null ? builder : builder.withPartition(partition)).build();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + written.get(written.size() - 1), e);
    }
  }

  private void deleteQuietly(String file) {
    try {
      target.patches().io().deleteFile(file);
    } catch (RuntimeException e) {
      // Nothing refers to the file; the failure that brought us here is the one to report.
    }
  }

  private static void closeQuietly(DataWriter<Record> writer) {
    try {
      writer.close();
    } catch (IOException | RuntimeException e) {
      // The file is deleted next; the failure that brought us here is the one to report.
    }
  }

  private static OutputFileFactory files(Table table, int partition, long attempt, String runId) {
    return OutputFileFactory.builderFor(table, partition, attempt)
        .format(FileFormat.PARQUET)
        .operationId(runId)
        .build();
  }
}
