/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ContainerFile;
import org.splitmask.prep.source.item.ContainerFormat;
import org.splitmask.prep.source.item.ContainerInput;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.MeteredInput;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.item.SourceItem;

/**
 * Reads a tar's headers and sidecars, once, and skips the rest; used once. Several tars one behind
 * the other, as {@code cat} makes them, are read as one.
 */
final class TarListing {
  /** Long names and extended headers may claim any length. */
  private static final int LONGEST_HEADER_BYTES = 1 << 20;

  private static final int RECORD = TarConstants.DEFAULT_RCDSIZE;

  private static final Set<Byte> REGULAR =
      Set.of(
          TarConstants.LF_OLDNORM,
          TarConstants.LF_NORMAL,
          TarConstants.LF_CONTIG,
          TarConstants.LF_GNUTYPE_SPARSE);

  /** Folders with GNU's list of names, and the volume's label. */
  private static final Set<Byte> NO_ENTRIES = Set.of((byte) 'D', (byte) 'V');

  private final ContainerFile file;
  private final Sidecars sidecars;
  private final ArchiveEntries entries;
  private Compression compression = Compression.NONE;
  private @Nullable Header last;

  /** Where the headers of the next entry begin. */
  private long headersFrom;

  private @Nullable Exception damage;

  /** An entry: its content is at {@code position} of the tar, {@code size} bytes long. */
  private record Header(ArchiveName name, long position, long size) {
    long end() {
      return position + size;
    }

    long paddedEnd() {
      return (end() + RECORD - 1) / RECORD * RECORD;
    }
  }

  TarListing(ContainerFile file, SourceContext context) {
    this.file = file;
    this.entries = new ArchiveEntries(file, context.archiveCharset());
    this.sidecars = entries.sidecars();
  }

  Iterator<Finding> found(SourceContext context) throws IOException {
    try (ContainerInput container =
            ContainerInput.open(file.path(), file.length(), context.hadoop());
        MeteredInput input = new MeteredInput(tar(container))) {
      do {
        readOne(input);
        if (last != null && damage == null && input.position() == headersFrom) {
          entries.damage("it ends without its end mark, and may be cut");
        }
      } while (isFollowed(input));
      judgeEnd(input.position());
    }
    return entries.found();
  }

  private InputStream tar(ContainerInput container) throws IOException {
    try {
      compression = StreamReader.compression(container);
      return StreamReader.decompressed(container);
    } catch (IOException e) {
      throw new BrokenItemException(
          Kind.UNREADABLE, "its compressed bytes are damaged: " + e.getMessage());
    }
  }

  /** Reads to the end of one tar. */
  private void readOne(MeteredInput input) {
    // What the library makes of names is not used: it has lost their bytes.
    TarArchiveInputStream tar =
        new TarArchiveInputStream(input, RECORD, RECORD, StandardCharsets.ISO_8859_1.name());
    for (TarArchiveEntry entry = next(tar, input); entry != null; entry = next(tar, input)) {
      take(entry, tar, input);
    }
  }

  /** The next header; none at the end, and where the tar cannot be understood any further. */
  private @Nullable TarArchiveEntry next(TarArchiveInputStream tar, MeteredInput input) {
    input.allow(LONGEST_HEADER_BYTES);
    input.keep();
    try {
      TarArchiveEntry entry = tar.getNextTarEntry();
      if (entry != null && (!entry.isCheckSumOK() || entry.getSize() < 0)) {
        damage = new IOException("its checksum is wrong");
        return null;
      }
      return entry;
    } catch (UncheckedIOException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      damage = e;
      return null;
    }
  }

  /** Whether another tar stands behind the padding of the last one; goes there. */
  private boolean isFollowed(MeteredInput input) {
    byte[] record = new byte[RECORD];
    input.forget(); // padding may be of any length
    try {
      while (damage == null) {
        input.allow(RECORD);
        int length = input.readNBytes(record, 0, RECORD);
        if (!isZero(record, length)) {
          input.giveBack(record, length);
          headersFrom = input.position();
          return true;
        }
        if (length < RECORD) {
          return false;
        }
      }
    } catch (IOException e) {
      damage = e;
    }
    return false;
  }

  private void take(TarArchiveEntry entry, TarArchiveInputStream tar, MeteredInput input) {
    TarNames names = TarNames.of(input.kept(headersFrom));
    ArchiveName name = name(entry.isSparse() ? null : names.name(), entry.getName());
    Header header = new Header(name, input.position(), entry.getSize());
    last = header;
    headersFrom = header.paddedEnd();
    if (isNoEntry(entry)) {
      return;
    }
    AsideKind aside = AsideKind.ofEntry(name.key());
    if (aside != null) {
      entries.addAside(aside, name);
      if (Sidecars.isSidecar(name.key())) {
        readSidecar(entry, header, names, tar, input);
      }
      if (!aside.isCompanion() && isRegular(entry) && !entry.isSparse()) {
        entries.addHidden(name, header.size, location(header));
      }
    } else if (entry.isLink()) {
      entries.addHardLink(name, linkText(entry, names));
    } else if (entry.isSymbolicLink()) {
      entries.addSymbolicLink(name, linkText(entry, names));
    } else if (!isRegular(entry)) {
      String detail = "it is a pipe or device inside the tar, and no file";
      entries.addBroken(name, SourceItem.UNKNOWN_SIZE, Kind.UNREADABLE, detail);
    } else if (entry.isSparse()) {
      String detail =
          "it is a sparse file inside the tar, which is not read; pack it without holes";
      entries.addBroken(name, entry.getRealSize(), Kind.UNREADABLE, detail);
    } else if (ContainerFormat.isArchive(name.key())) {
      entries.addNested(name, header.size);
    } else {
      entries.add(name, header.size, location(header));
    }
  }

  /** Folders, and what says something of the archive as a whole. */
  private static boolean isNoEntry(TarArchiveEntry entry) {
    return entry.isDirectory() || NO_ENTRIES.contains(entry.getLinkFlag());
  }

  private static boolean isRegular(TarArchiveEntry entry) {
    return REGULAR.contains(entry.getLinkFlag());
  }

  private static ArchiveName name(byte @Nullable [] bytes, String otherwise) {
    return ArchiveName.of(
        bytes == null || bytes.length == 0
            ? otherwise.getBytes(
                otherwise.chars().allMatch(c -> c < 0x100)
                    ? StandardCharsets.ISO_8859_1
                    : StandardCharsets.UTF_8)
            : bytes);
  }

  /** Where a link leads: of a hard link an entry's name, of a symbolic one from where it lies. */
  private static String linkText(TarArchiveEntry entry, TarNames names) {
    return name(names.link(), entry.getLinkName()).key();
  }

  private ItemLocation location(Header header) {
    return compression == Compression.NONE
        ? new StoredEntry(file.path(), header.position, header.size)
        : new StreamedEntry(file.path(), header.position, header.size);
  }

  private void readSidecar(
      TarArchiveEntry entry,
      Header header,
      TarNames names,
      TarArchiveInputStream tar,
      MeteredInput input) {
    String name = header.name.key();
    if (entry.isLink() || entry.isSymbolicLink()) {
      String text = linkText(entry, names);
      sidecars.addLink(name, entry.isLink() ? text : ArchiveLinks.target(name, text));
      return;
    }
    if (header.size > Sidecars.LONGEST_BYTES) {
      sidecars.unreadable(name, Sidecars.TOO_LONG);
      return;
    }
    input.allow(2 * Sidecars.LONGEST_BYTES);
    try {
      sidecars.add(name, tar.readNBytes((int) header.size));
    } catch (IOException e) {
      // The tar ends here; the next header says so.
    }
  }

  private void judgeEnd(long position) throws BrokenItemException {
    if (last != null && position < last.end()) {
      String detail =
          String.format(
              Locale.ROOT,
              "its tar ends after %d of its %d bytes",
              Math.max(0, position - last.position),
              last.size);
      entries.removeAt(last.position);
      entries.addBroken(last.name, last.size, Kind.TRUNCATED, detail);
      entries.damage("it ends in the middle of " + last.name.key());
    } else if (last == null && (damage != null || position < 2L * RECORD)) {
      String why = damage == null ? "too short" : String.valueOf(damage.getMessage());
      throw new BrokenItemException(Kind.UNREADABLE, "it is no tar archive: " + why);
    } else if (damage instanceof EOFException || endsInHeader(position)) {
      entries.damageAsItem(Kind.TRUNCATED, "the tar ends in a header, at byte " + position);
    } else if (damage != null) {
      entries.damageAsItem(
          Kind.UNREADABLE,
          String.format(
              Locale.ROOT,
              "what follows %s is no tar header (%s); nothing behind it is found",
              last == null ? "its beginning" : last.name.key(),
              damage.getMessage()));
    }
  }

  private boolean endsInHeader(long position) {
    return damage == null && last != null && position > last.paddedEnd() && position % RECORD != 0;
  }

  private static boolean isZero(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
