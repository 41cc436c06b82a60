/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;

/** Iceberg tables of other people as a source of pictures. */
class IcebergSourcesIT extends SourcesFixture {
  @Test
  void namedRowsOfAnIcebergTableKeepTheirPathsWhenFilesAreRewritten() throws IOException {
    Table source = iceberg("named");
    String[] columns = {"name-column=name", "label-column=kind"};
    prepare("before", "named", columns);
    List<String> before = paths("before");
    assertThat(before).hasSize(PICTURES).contains("file:" + folder + "/named!/hats/0.jpg");

    List<Record> backwards = new ArrayList<>(IcebergPictures.rows(source));
    Collections.reverse(backwards);
    RewriteFiles rewrite = source.newRewrite();
    IcebergPictures.dataFiles(source).forEach(rewrite::deleteFile);
    rewrite.addFile(IcebergPictures.dataFile(source, backwards)).commit();
    source.updateSchema().renameColumn("name", "called").commit();

    prepare("after", "named", "name-column=called", "label-column=kind");
    assertThat(paths("after")).isEqualTo(before);
    prepare("by-number", "named", "label-column=kind");
    assertThat(paths("by-number"))
        .allMatch(path -> path.matches(".*/named/data/.*parquet!/row-\\d{8}"));
  }

  @Test
  void namesThatRepeatAndDeleteFilesAreRefused() throws IOException {
    Table source = iceberg("twice");
    source
        .newAppend()
        .appendFile(IcebergPictures.dataFile(source, IcebergPictures.rows(source).subList(0, 1)))
        .commit();
    blamed(
        () -> prepare("t", "twice", "name-column=name"),
        Blame.DATA,
        "two rows are called file:" + folder + "/twice!/",
        "names must be unique");
    blamed(() -> prepare("t", "twice", "bytes-column=picture"), Blame.DATA, "[bytes, kind, name]");

    source.updateProperties().set("format-version", "2").commit();
    DeleteFile deletes =
        FileMetadata.deleteFileBuilder(source.spec())
            .ofPositionDeletes()
            .withPath(folder + "/twice/data/deletes.parquet")
            .withFileSizeInBytes(1)
            .withRecordCount(1)
            .build();
    source.newRowDelta().addDeletes(deletes).commit();
    blamed(() -> prepare("t", "twice"), Blame.DATA, "has delete files", "rewrite_data_files");
  }

  @Test
  void ofATableThatACatalogKeepsTheNewestMetadataFileCounts() throws IOException {
    iceberg("kept");
    Path metadata = folder.resolve("kept/metadata");
    Files.delete(metadata.resolve("version-hint.text"));
    Files.move(metadata.resolve("v1.metadata.json"), metadata.resolve("00009-a.metadata.json"));
    Files.move(metadata.resolve("v2.metadata.json"), metadata.resolve("00010-b.metadata.json"));

    assertThat(prepare("kept", "kept")).containsEntry("accepted", (long) PICTURES);

    Files.copy(
        metadata.resolve("00009-a.metadata.json"), metadata.resolve("00010-c.metadata.json"));
    blamed(
        () -> prepare("two", "kept"),
        Blame.DATA,
        "has two newest metadata files",
        "00010-b.metadata.json",
        "00010-c.metadata.json");
  }
}
