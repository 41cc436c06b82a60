/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.table.Split;

/**
 * Folders that are called as splits are: {@code train/cats/1.jpg} is a cat for training and no
 * picture of a train. They are taken for splits where all top folders of an input, or of its
 * archives, are called so; folders that all pictures lie in, one inside the other, do not count.
 * Archives called {@code train-000.tar} and {@code val-000.tar}, and inputs called so, say splits
 * as well where there is more than one.
 *
 * @param depths for each place with such folders, how many folders lie above them
 * @param shards the inputs whose archives are called so
 * @param inputs the splits of whole inputs
 */
public record SplitFolders(
    Map<String, Integer> depths, Set<String> shards, Map<String, Split> inputs)
    implements Serializable {
  public static final SplitFolders NONE = new SplitFolders(Map.of(), Set.of(), Map.of());

  private static final Logger LOG = LoggerFactory.getLogger(SplitFolders.class);

  public SplitFolders {
    depths = new TreeMap<>(depths);
    shards = new TreeSet<>(shards);
    inputs = new TreeMap<>(inputs);
  }

  /** The folders of items, place by place: of a part of all. */
  public static Map<String, TopFolders> places(Iterator<SourceItem> items) {
    Map<String, TopFolders> places = new TreeMap<>();
    while (items.hasNext()) {
      SourceItem item = items.next();
      if (!item.isBroken()) {
        places.computeIfAbsent(place(item), place -> new TopFolders()).add(item);
      }
    }
    return places;
  }

  /** What the folders of all parts say, told in the log. */
  public static SplitFolders ofParts(List<Map<String, TopFolders>> parts) {
    Map<String, TopFolders> places = new TreeMap<>();
    parts.forEach(part -> part.forEach((place, top) -> places.merge(place, top, TopFolders::plus)));
    SplitFolders found = of(places);
    found.log(places);
    return found;
  }

  /** What the folders of all places say. */
  static SplitFolders of(Map<String, TopFolders> places) {
    Map<String, Integer> depths = new TreeMap<>();
    Set<String> shards = new TreeSet<>();
    Set<String> roots = new TreeSet<>();
    places.forEach(
        (place, top) -> {
          if (top.splitDepth() >= 0) {
            depths.put(place, top.splitDepth());
          }
          if (top.areShardsSplits()) {
            shards.add(place);
          }
          roots.add(rootOf(place));
        });
    return new SplitFolders(depths, shards, splitsOfInputs(roots));
  }

  private static Map<String, Split> splitsOfInputs(Set<String> roots) {
    Map<String, Split> splits = new TreeMap<>();
    for (String root : roots) {
      // An archive that is an input has a mark behind its name.
      Optional<Split> split =
          root.endsWith("!")
              ? SplitName.ofShard(rootOf(root))
              : SplitName.of(root.substring(root.lastIndexOf('/') + 1));
      split.ifPresent(of -> splits.put(root, of));
    }
    return roots.size() > 1 && splits.size() == roots.size() ? splits : Map.of();
  }

  private void log(Map<String, TopFolders> places) {
    places.forEach(
        (place, top) -> {
          Integer depth = depths.get(place);
          if (depth != null) {
            LOG.info(
                "the folders {} of {} are taken as splits, not as labels; with"
                    + " split-folders=ignore they are labels",
                top.names(depth),
                place);
          } else if (!top.namesLikeSplits().isEmpty()) {
            LOG.warn(
                "the folders {} of {} look like splits but are not taken as splits, because"
                    + " other folders are beside them or they lie too deep: give the splits"
                    + " with --labels, or give each folder as an --input called train, val or"
                    + " test",
                top.namesLikeSplits(),
                place);
          }
        });
    places.forEach(
        (place, top) -> {
          if (top.areSomeShardsSplits()) {
            LOG.warn(
                "some archives in {} have names of splits and others beside them have not, so no"
                    + " split is taken from their names; give the splits with --labels",
                rootOf(place));
          }
        });
    for (Set<String> named : List.of(shards, inputs.keySet())) {
      if (!named.isEmpty()) {
        LOG.info(
            "the names of {} are taken as splits; with split-folders=ignore splits are drawn",
            named == shards ? "the archives in " + named : "the inputs " + named);
      }
    }
  }

  /** The split that an item's folders, its archive or its input say. */
  Optional<Split> split(SourceItem item) {
    Optional<Split> split = ofFolder(item);
    if (split.isEmpty() && shards.contains(place(item))) {
      split = SplitName.ofShard(item.container());
    }
    return split.isEmpty() ? Optional.ofNullable(inputs.get(item.root())) : split;
  }

  /** The label that an item's folder says: none where it is a split. */
  @Nullable String label(SourceItem item) {
    Integer depth = depths.get(place(item));
    boolean isSplit = depth != null && folders(item).size() == depth + 1;
    return isSplit && ofFolder(item).isPresent() ? null : item.folderName();
  }

  private Optional<Split> ofFolder(SourceItem item) {
    Integer depth = depths.get(place(item));
    if (depth == null) {
      return Optional.empty();
    }
    List<String> folders = folders(item);
    return folders.size() > depth ? SplitName.of(folders.get(depth)) : Optional.empty();
  }

  /** What is judged together: an input's own files, and what is in its archives. */
  static String place(SourceItem item) {
    return item.isInContainer() ? item.root() + "!" : item.root();
  }

  private static String rootOf(String place) {
    return place.endsWith("!") ? place.substring(0, place.length() - 1) : place;
  }

  /** The names of the folders that an item lies in. */
  static List<String> folders(SourceItem item) {
    String inner = item.innerPath();
    String path = item.relativePath();
    // The folders that an archive lies in come before those inside of it.
    String outer = path.substring(0, path.length() - inner.length()).replaceFirst("[^/]*/$", "");
    List<String> parts = new ArrayList<>();
    for (String part : List.of((outer + inner).split("/", -1))) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts.isEmpty() ? parts : parts.subList(0, parts.size() - 1);
  }
}
