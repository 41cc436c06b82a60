/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** The one container that a reader has open: the last one, as its items want it. */
public final class OpenContainer implements Closeable {
  private final Configuration hadoop;
  private @Nullable Object key;
  private @Nullable Closeable handle;

  OpenContainer(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  public Configuration hadoop() {
    return hadoop;
  }

  /** The bytes of a container, wherever the last reading left them. */
  public ContainerInput input(String container) throws IOException {
    return open(
        container,
        ContainerInput.class,
        input -> true,
        () -> ContainerInput.open(container, hadoop));
  }

  /**
   * What is open, if it is what is wanted; otherwise it is closed, and another one opened.
   *
   * @param wanted names the container, and the part of it
   * @param usable whether an open one can still serve
   */
  public <H extends Closeable> H open(
      Object wanted, Class<H> type, Predicate<H> usable, Opening<H> opening) throws IOException {
    if (wanted.equals(key) && type.isInstance(handle) && usable.test(type.cast(handle))) {
      return type.cast(handle);
    }
    close();
    H opened = opening.open();
    key = wanted;
    handle = opened;
    return opened;
  }

  @Override
  public void close() throws IOException {
    Closeable last = handle;
    key = null;
    handle = null;
    if (last != null) {
      last.close();
    }
  }

  /** Opens a container. */
  public interface Opening<H> {
    H open() throws IOException;
  }
}
