/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.BrokenItemException.Kind;

/** Reads a tar's headers and sidecars, once, and skips the rest; used once. */
final class TarListing {
  /** Long names and extended headers may claim any length. */
  private static final int LONGEST_HEADER_BYTES = 1 << 20;

  private static final Set<Byte> REGULAR =
      Set.of(
          TarConstants.LF_OLDNORM,
          TarConstants.LF_NORMAL,
          TarConstants.LF_CONTIG,
          TarConstants.LF_GNUTYPE_SPARSE);

  private final ContainerFile file;
  private final Compression compression;
  private final Sidecars sidecars;
  private final ArchiveEntries entries;
  private @Nullable Header last;
  private @Nullable Exception damage;

  enum Compression {
    NONE,
    GZIP
  }

  /** An entry: its content is at {@code position} of the tar, {@code size} bytes long. */
  private record Header(String name, long position, long size) {
    long end() {
      return position + size;
    }

    long paddedEnd() {
      int record = TarConstants.DEFAULT_RCDSIZE;
      return (end() + record - 1) / record * record;
    }
  }

  TarListing(ContainerFile file, Compression compression, Consumer<String> ignoredSidecar) {
    this.file = file;
    this.compression = compression;
    this.sidecars = new Sidecars(ignoredSidecar);
    this.entries = new ArchiveEntries(file, sidecars);
  }

  Iterator<SourceItem> items(Configuration hadoop) throws IOException {
    try (ContainerInput container = ContainerInput.open(file.path(), file.length(), hadoop);
        MeteredInput input = new MeteredInput(tar(container))) {
      TarArchiveInputStream tar = new TarArchiveInputStream(input, StandardCharsets.UTF_8.name());
      for (TarArchiveEntry entry = next(tar, input); entry != null; entry = next(tar, input)) {
        take(entry, tar, input);
      }
      judgeEnd(input.position());
    }
    return entries.items();
  }

  private InputStream tar(ContainerInput container) throws IOException {
    if (compression == Compression.NONE) {
      return container;
    }
    try {
      return StreamReader.decompressed(container);
    } catch (IOException e) {
      throw new BrokenItemException(Kind.UNREADABLE, "it is no gzip file: " + e.getMessage());
    }
  }

  /** The next header; none at the end, and where the tar cannot be understood any further. */
  private @Nullable TarArchiveEntry next(TarArchiveInputStream tar, MeteredInput input) {
    input.allow(LONGEST_HEADER_BYTES);
    try {
      TarArchiveEntry entry = tar.getNextTarEntry();
      if (entry != null && (!entry.isCheckSumOK() || entry.getSize() < 0)) {
        damage = new IOException("its checksum is wrong");
        return null;
      }
      return entry;
    } catch (IOException | IllegalArgumentException e) {
      damage = e;
      return null;
    }
  }

  private void take(TarArchiveEntry entry, TarArchiveInputStream tar, MeteredInput input) {
    String name = EntryName.normalise(entry.getName());
    Header header = new Header(name, input.position(), entry.getSize());
    last = header;
    if (!REGULAR.contains(entry.getLinkFlag()) || EntryName.isHidden(name)) {
      return;
    }
    if (!ArchiveEntries.isItem(name)) {
      readSidecar(header, tar, input);
    } else if (entry.isSparse()) {
      String detail =
          "it is a sparse file inside the tar, which is not read; pack it without holes";
      entries.add(name, entry.getRealSize(), broken(header, Kind.UNREADABLE, detail));
    } else {
      entries.add(name, header.size, place(header));
    }
  }

  private Place place(Header header) {
    return compression == Compression.NONE
        ? new StoredEntry(file.path(), header.position, header.size)
        : new StreamedEntry(file.path(), header.position, header.size);
  }

  private BrokenEntry broken(Header header, Kind kind, String detail) {
    return new BrokenEntry(file.path(), header.position, kind, detail);
  }

  private void readSidecar(Header header, TarArchiveInputStream tar, MeteredInput input) {
    if (header.size > Sidecars.LONGEST_BYTES) {
      sidecars.unreadable(header.name, Sidecars.TOO_LONG);
      return;
    }
    input.allow(2 * Sidecars.LONGEST_BYTES);
    try {
      sidecars.add(header.name, tar.readNBytes((int) header.size));
    } catch (IOException e) {
      // The tar ends here; the next header says so.
    }
  }

  private void judgeEnd(long position) {
    if (last != null && position < last.end()) {
      String detail =
          "its tar ends after %d of its %d bytes"
              .formatted(Math.max(0, position - last.position), last.size);
      entries.removeAt(last.position);
      entries.add(last.name, last.size, broken(last, Kind.TRUNCATED, detail));
    } else if (last == null && (damage != null || position < 2L * TarConstants.DEFAULT_RCDSIZE)) {
      String why = damage == null ? "too short" : String.valueOf(damage.getMessage());
      entries.damage(file.broken(Kind.UNREADABLE, "it is no tar archive: " + why));
    } else if (damage instanceof EOFException || endsInHeader(position)) {
      entries.damage(file.broken(Kind.TRUNCATED, "the tar ends in a header, at byte " + position));
    } else if (damage != null) {
      entries.damage(
          file.broken(
              Kind.UNREADABLE,
              "what follows %s is no tar header (%s); nothing behind it is found"
                  .formatted(last == null ? "its beginning" : last.name, damage.getMessage())));
    }
  }

  private boolean endsInHeader(long position) {
    return damage == null
        && last != null
        && position > last.paddedEnd()
        && position % TarConstants.DEFAULT_RCDSIZE != 0;
  }
}
