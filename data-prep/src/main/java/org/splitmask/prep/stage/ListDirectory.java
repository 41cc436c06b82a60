/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.source.SourceItem;

/** Lists one directory, not what is below it. */
record ListDirectory(Broadcast<SerializableConfiguration> hadoop)
    implements FlatMapFunction<ListDirectory.Listed, ListDirectory.Listed> {
  enum Kind {
    FILE,
    DIRECTORY
  }

  record Listed(Kind kind, SourceItem file) implements Serializable {}

  @Override
  public Iterator<Listed> call(Listed directory) throws IOException {
    Configuration configuration = hadoop.value().value();
    Path path = new Path(directory.file.path());
    List<Listed> entries = new ArrayList<>();
    for (FileStatus entry : path.getFileSystem(configuration).listStatus(path)) {
      if (isSeen(entry.getPath().getName())) {
        entries.add(listed(directory.file.root(), entry));
      }
    }
    return entries.iterator();
  }

  static Listed listed(String root, FileStatus entry) {
    return new Listed(
        entry.isDirectory() ? Kind.DIRECTORY : Kind.FILE,
        new SourceItem(
            root, entry.getPath().toString(), entry.getLen(), entry.getModificationTime()));
  }

  private static boolean isSeen(String name) {
    return !name.startsWith(".") && !name.startsWith("_");
  }
}
