/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import java.util.Iterator;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.item.Container;
import org.splitmask.prep.source.item.ContainerFile;
import org.splitmask.prep.source.item.ContainerFormat;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.SourceContext;

/**
 * A tar or zip.
 *
 * @param root the input that it was found under
 * @param format tar or zip
 */
public record Archive(String root, String path, ContainerFormat format) implements Container {
  public Archive {
    Check.invariant(format != ContainerFormat.PARQUET, "%s is no archive", path);
  }

  @Override
  public Iterator<Finding> list(ContainerFile file, SourceContext context) throws IOException {
    return format == ContainerFormat.ZIP
        ? new ZipListing(file, context).found(context)
        : new TarListing(file, context).found(context);
  }
}
