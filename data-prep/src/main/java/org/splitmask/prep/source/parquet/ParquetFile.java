/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.Container;
import org.splitmask.prep.source.item.ContainerFile;
import org.splitmask.prep.source.item.ContainerFormat;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.ParquetColumns;
import org.splitmask.prep.source.item.SourceContext;

/**
 * A Parquet file, each row of which is an item.
 *
 * @param root the input that it was found under
 * @param table the table whose data file it is, if it is one
 */
public record ParquetFile(String root, String path, @Nullable InTable table, Standing standing)
    implements Container {
  /**
   * The Iceberg table of a data file.
   *
   * @param columns with the table's field ids
   */
  record InTable(String folder, ParquetColumns columns) implements Serializable {}

  /** What lies beside it. */
  enum Standing {
    ALONE,
    /** An archive or folder of the same name, of which it may be the index. */
    BESIDE_SHARD
  }

  /** A file of no table, with nothing beside it. */
  public ParquetFile(String root, String path) {
    this(root, path, null, Standing.ALONE);
  }

  /** The same, beside an archive or folder of the same name. */
  public ParquetFile besideShard() {
    return new ParquetFile(root, path, table, Standing.BESIDE_SHARD);
  }

  @Override
  public ContainerFormat format() {
    return ContainerFormat.PARQUET;
  }

  /** Rows that have names are known by them also when they move to another file of the table. */
  @Override
  public String prefix(SourceContext context) {
    return table != null && columns(context).name() != null ? table.folder() : path;
  }

  @Override
  public Iterator<Finding> list(ContainerFile file, SourceContext context) throws IOException {
    ParquetFooter footer = ParquetFooter.read(path, context.hadoop());
    ParquetColumns columns = columns(context);
    return standing == Standing.BESIDE_SHARD && !footer.has(columns.bytes())
        ? List.<Finding>of(new Finding.Aside(AsideKind.COMPANION, path, 1)).iterator()
        : ParquetListing.open(footer, file, columns, context.hadoop());
  }

  private ParquetColumns columns(SourceContext context) {
    return table == null ? context.columns() : table.columns();
  }
}
