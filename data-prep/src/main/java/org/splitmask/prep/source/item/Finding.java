/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Serializable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.file.SourceStatus;

/**
 * What a listing finds: an item, a container of items, something to be listed in its turn, or what
 * there is to say of them.
 */
public sealed interface Finding extends Serializable
    permits Finding.Item,
        Finding.Aside,
        Finding.Remark,
        Finding.Matched,
        Finding.Damage,
        Finding.Refusal,
        Container,
        Listable {
  /** Something that may be a picture. */
  record Item(SourceItem item) implements Finding {}

  /**
   * Names of a kind that are counted and not looked into: no pictures, by what they are called.
   *
   * @param path one of them
   */
  record Aside(AsideKind kind, String path, long count) implements Finding {
    public Aside plus(Aside other) {
      return new Aside(kind, path, count + other.count);
    }
  }

  /** Something that people are to know, and that changes no count. */
  record Remark(RemarkKind kind, String text) implements Finding {}

  /** A glob, as the user wrote it, that something was found for. */
  record Matched(String glob) implements Finding {}

  /**
   * A container that holds more than can be found in it.
   *
   * @param missing how many items it should hold besides, or {@link #UNKNOWN}
   */
  record Damage(String container, String detail, long missing) implements Finding {
    public static final long UNKNOWN = -1;
  }

  /**
   * What ends the run. A task that threw it would be tried again, and its trace printed each time.
   */
  record Refusal(Blame blame, String message) implements Finding {
    public static Refusal of(SplitMaskException refused) {
      return new Refusal(refused.blame(), String.valueOf(refused.getMessage()));
    }
  }

  /** The file as it is, whatever its name says. */
  static Finding plain(String root, SourceStatus status) {
    return new Item(new SourceItem(root, status.path(), status.length(), status.modified()));
  }

  /** A name that is there and cannot be opened; so cannot what the table knows below it. */
  static Finding unreadable(String root, String path, String trouble) {
    return new Item(
        new SourceItem(
            root,
            path,
            SourceItem.UNKNOWN_SIZE,
            0,
            new BrokenEntry(
                path, 0, BrokenItemException.Kind.UNREADABLE, trouble, BrokenEntry.Extent.BELOW),
            null));
  }
}
