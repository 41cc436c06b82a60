/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickLocalFileSystemTest {
  @TempDir private java.nio.file.Path folder;
  private FileSystem files;

  @BeforeEach
  void open() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.file.impl", QuickLocalFileSystem.class.getName());
    hadoop.set("fs.permissions.umask-mode", "027");
    files = FileSystem.newInstance(URI.create("file:///"), hadoop);
  }

  @Test
  void filesAndFoldersHaveThePermissionsThatTheUmaskLeaves() throws IOException {
    write("new/file");

    assertThat(permissions("new")).isEqualTo("rwxr-x---");
    assertThat(permissions("new/file")).isEqualTo("rw-r-----");
    assertThat(Files.readString(folder.resolve("new/file"))).isEqualTo("text");
  }

  @Test
  void everyPermissionThatJavaHasAWordForIsSet() throws IOException {
    write("file");

    for (String permission : List.of("600", "755", "000", "421", "777")) {
      files.setPermission(path("file"), new FsPermission(permission));
      assertThat(files.getFileStatus(path("file")).getPermission())
          .as(permission)
          .isEqualTo(new FsPermission(permission));
    }
  }

  @Test
  void theStickyBitIsLeftToHadoop() throws IOException {
    files.mkdirs(path("shared"));

    files.setPermission(path("shared"), new FsPermission("1777"));

    assertThat(files.getFileStatus(path("shared")).getPermission().getStickyBit()).isTrue();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> files.setPermission(path("gone"), new FsPermission("600")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("gone");
  }

  /** Longer than any file system takes: what the superuser cannot make either. */
  @Test
  void whyAFolderCannotBeMadeIsSaid() {
    assertThatThrownBy(() -> files.mkdirs(path("new/" + "a".repeat(300))))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("File name too long");
  }

  @Test
  void itStillHasHadoopsChecksums() throws IOException {
    write("file");
    Files.writeString(folder.resolve("file"), "rot!");

    assertThatThrownBy(() -> files.open(path("file")).readAllBytes())
        .hasMessageContaining("Checksum error");
  }

  private void write(String name) throws IOException {
    try (FSDataOutputStream stream = files.create(path(name))) {
      stream.write("text".getBytes(StandardCharsets.UTF_8));
    }
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }
}
