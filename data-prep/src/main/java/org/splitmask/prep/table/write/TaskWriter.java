/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableLayout;
import org.splitmask.prep.table.TableTotals;

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
  private final TableTotals added;
  private final TableTotals removed;
  private final List<String> replaced = new ArrayList<>();
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
    this.added = TableTotals.none(target.shape().channels());
    this.removed = TableTotals.none(target.shape().channels());
  }

  /** Adds a picture; the row's array may be used again when this returns. */
  public void accept(AcceptedRow row) {
    Split split = row.info().split();
    writers.computeIfAbsent(split, this::openPatches).write(codec.encode(row));
    added.add(split, row.patches());
  }

  /** Notes that what is written stands for a data file that the table has. */
  void replaces(String dataFile) {
    replaced.add(dataFile);
  }

  /** Notes a picture of a data file that is replaced. */
  void takesOut(Split split, byte[] patches) {
    removed.add(split, patches);
  }

  /** Adds a rejected file. */
  public void reject(RejectedRow row) {
    if (rejectedWriter == null) {
      rejectedWriter = open(target.rejected(), rejectedFiles, TableLayout.RUN_ID, target.runId());
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
    return new TaskFiles(patches, rejected, replaced, added, removed);
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
    return open(target.patches(), patchFiles, TableLayout.SPLIT, split.word());
  }

  private DataWriter<Record> open(
      Table table, OutputFileFactory files, String partitionColumn, String partitionValue) {
    GenericRecord partition = GenericRecord.create(table.spec().partitionType());
    partition.setField(partitionColumn, partitionValue);
    EncryptedOutputFile file = files.newOutputFile(partition);
    written.add(file.encryptingOutputFile().location());
    try {
      return Parquet.writeData(file)
          .forTable(table)
          .createWriterFunc(GenericParquetWriter::create)
          .withSpec(table.spec())
          .withPartition(partition)
          .build();
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
