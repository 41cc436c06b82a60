/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** A JDBC catalog that counts how many of its kind are open. Iceberg makes it by its name. */
public final class CountingCatalog extends JdbcCatalog {
  static final AtomicInteger OPEN = new AtomicInteger();

  public CountingCatalog() {
    OPEN.incrementAndGet();
  }

  @Override
  public void close() {
    OPEN.decrementAndGet();
    super.close();
  }
}
