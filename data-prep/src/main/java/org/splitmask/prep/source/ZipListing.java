/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.prep.source.BrokenItemException.Kind;
import org.splitmask.prep.source.ZippedEntry.Compression;

/** Reads a zip's directory, its entries' headers and its sidecars; used once. */
final class ZipListing {
  private final ContainerFile file;
  private final Sidecars sidecars;
  private final ArchiveEntries entries;

  ZipListing(ContainerFile file, Consumer<String> ignoredSidecar) {
    this.file = file;
    this.sidecars = new Sidecars(ignoredSidecar);
    this.entries = new ArchiveEntries(file, sidecars);
  }

  Iterator<SourceItem> items(Configuration hadoop) throws IOException {
    ContainerInput input = ContainerInput.open(file.path(), file.length(), hadoop);
    try (ZipFile zip = open(new ContainerChannel(input))) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        take(zip, entry);
      }
    }
    return entries.items();
  }

  /** Reads the directory alone: a damaged header costs its own entry, not all of them. */
  private ZipFile open(ContainerChannel channel) throws IOException {
    String encoding = StandardCharsets.UTF_8.name();
    try {
      return new ZipFile(channel, file.path(), encoding, true, true);
    } catch (IOException | IllegalArgumentException e) {
      channel.close();
      throw new BrokenItemException(
          Kind.UNREADABLE, "it is no zip archive, or its end is missing: " + e.getMessage());
    }
  }

  private void take(ZipFile zip, ZipArchiveEntry entry) {
    String name = EntryName.normalise(entry.getName());
    if (entry.isDirectory() || entry.isUnixSymlink() || EntryName.isHidden(name)) {
      return;
    }
    if (ArchiveEntries.isItem(name)) {
      entries.add(name, entry.getSize(), place(zip, entry));
    } else if (entry.getSize() > Sidecars.LONGEST_BYTES) {
      sidecars.unreadable(name, Sidecars.TOO_LONG);
    } else {
      readSidecar(zip, entry, name);
    }
  }

  private void readSidecar(ZipFile zip, ZipArchiveEntry entry, String name) {
    try (InputStream stream = zip.getInputStream(entry)) {
      byte[] content = stream.readNBytes(Sidecars.LONGEST_BYTES + 1);
      if (content.length <= Sidecars.LONGEST_BYTES) {
        sidecars.add(name, content);
      } else {
        sidecars.unreadable(name, Sidecars.TOO_LONG);
      }
    } catch (IOException | IllegalArgumentException e) {
      sidecars.unreadable(name, "its entry cannot be read: " + e.getMessage());
    }
  }

  private Place place(ZipFile zip, ZipArchiveEntry entry) {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      return broken("it is encrypted");
    }
    int method = entry.getMethod();
    if (method != ZipEntry.STORED && method != ZipEntry.DEFLATED) {
      return broken(
          "it is compressed by method %d; stored (0) and deflated (8) are read".formatted(method));
    }
    long position;
    try (InputStream raw = zip.getRawInputStream(entry)) { // looks the position up
      position = entry.getDataOffset();
    } catch (IOException | IllegalArgumentException e) {
      return broken("its header is damaged: " + e.getMessage());
    }
    long compressed = entry.getCompressedSize();
    if (position < 0 || compressed < 0 || compressed > file.length() - position) {
      return new BrokenEntry(
          file.path(), Math.max(0, position), Kind.TRUNCATED, "its zip ends before it does");
    }
    return new ZippedEntry(
        file.path(),
        position,
        compressed,
        entry.getSize(),
        entry.getCrc(),
        method == ZipEntry.STORED ? Compression.STORED : Compression.DEFLATED);
  }

  private BrokenEntry broken(String detail) {
    return new BrokenEntry(file.path(), 0, Kind.UNREADABLE, detail);
  }
}
