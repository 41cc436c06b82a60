/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.table.Split;

/** The names of an input's upper folders, level by level; of many only that they are many. */
public final class TopFolders implements Serializable {
  private static final long serialVersionUID = 1L;

  /** More folders than there are spellings of splits are no splits. */
  private static final int MANY = 20;

  /** Whole sets lie in a folder or two of their own. */
  private static final int LEVELS = 4;

  private final List<TreeSet<String>> names = new ArrayList<>();

  /** The splits that names of archives say. */
  private final Set<Split> shardSplits = new HashSet<>();

  private boolean otherShards;

  TopFolders() {
    for (int i = 0; i < LEVELS; i++) {
      names.add(new TreeSet<>());
    }
  }

  /** Adds the folders that an item lies in, and its archive. */
  void add(SourceItem item) {
    List<String> folders = SplitFolders.folders(item);
    for (int i = 0; i < LEVELS && i < folders.size(); i++) {
      add(i, folders.get(i));
    }
    Optional<Split> shard =
        item.isInContainer() ? SplitName.ofShard(item.container()) : Optional.empty();
    shard.ifPresentOrElse(shardSplits::add, () -> otherShards = true);
  }

  TopFolders plus(TopFolders other) {
    for (int i = 0; i < LEVELS; i++) {
      for (String name : other.names.get(i)) {
        add(i, name);
      }
    }
    shardSplits.addAll(other.shardSplits);
    otherShards |= other.otherShards;
    return this;
  }

  private void add(int level, String name) {
    if (names.get(level).size() < MANY) {
      names.get(level).add(name);
    }
  }

  /** How many folders lie above those that are splits; -1 where there are none. */
  int splitDepth() {
    for (int level = 0; level < LEVELS; level++) {
      TreeSet<String> here = names.get(level);
      boolean all = here.stream().allMatch(name -> SplitName.of(name).isPresent());
      if (!here.isEmpty() && all) {
        return level;
      }
      if (here.size() != 1) {
        return -1;
      }
    }
    return -1;
  }

  /** Whether all archives are called as splits are, and not all as the same. */
  boolean areShardsSplits() {
    return !otherShards && shardSplits.size() > 1;
  }

  /** Whether archives are called as different splits, and others not so. */
  boolean areSomeShardsSplits() {
    return otherShards && shardSplits.size() > 1;
  }

  Set<String> names(int level) {
    return names.get(level);
  }

  /** Folders of one level that look like different splits; none where there are none. */
  Set<String> namesLikeSplits() {
    for (TreeSet<String> here : names) {
      TreeSet<String> like = new TreeSet<>(here);
      like.removeIf(name -> SplitName.like(name).isEmpty());
      if (like.stream().map(SplitName::like).distinct().count() > 1) {
        return like;
      }
    }
    return new TreeSet<>();
  }
}
