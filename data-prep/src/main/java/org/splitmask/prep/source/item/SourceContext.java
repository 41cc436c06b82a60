/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.nio.charset.Charset;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** What listing needs to know besides what is listed. */
public record SourceContext(Configuration hadoop, SourceOptions options) {
  public ParquetColumns columns() {
    return options.columns();
  }

  /** Of names in archives that are no UTF-8; none where nothing is said. */
  public @Nullable Charset archiveCharset() {
    return options.archiveCharset().isEmpty() ? null : Charset.forName(options.archiveCharset());
  }

  public String output() {
    return options.output();
  }
}
