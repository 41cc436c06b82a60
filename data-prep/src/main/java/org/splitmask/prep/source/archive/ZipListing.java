/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.AbstractUnicodeExtraField;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.archive.ZippedEntry.Compression;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.BrokenEntry;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ContainerFile;
import org.splitmask.prep.source.item.ContainerFormat;
import org.splitmask.prep.source.item.ContainerInput;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.text.EntryName;
import org.splitmask.prep.source.text.EscapedName;

/** Reads a zip's directory, its entries' headers and its sidecars; used once. */
final class ZipListing {
  private static final int LONGEST_LINK_BYTES = 4096;

  private final ContainerFile file;
  private final Sidecars sidecars;
  private final ArchiveEntries entries;
  private final @Nullable Charset charset;

  ZipListing(ContainerFile file, SourceContext context) {
    this.file = file;
    this.charset = context.archiveCharset();
    this.entries = new ArchiveEntries(file, charset);
    this.sidecars = entries.sidecars();
  }

  Iterator<Finding> found(SourceContext context) throws IOException {
    ContainerInput input = ContainerInput.open(file.path(), file.length(), context.hadoop());
    try (ZipFile zip = open(new ContainerChannel(input))) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        take(zip, entry);
      }
    }
    return entries.found();
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
    if (entry.isDirectory()) {
      return;
    }
    ArchiveName name = name(entry);
    AsideKind aside = AsideKind.ofEntry(name.key());
    if (aside != null) {
      entries.addAside(aside, name);
      if (Sidecars.isSidecar(name.key())) {
        readSidecar(zip, entry, name);
      }
      if (!aside.isCompanion() && !entry.isUnixSymlink()) {
        entries.addHidden(name, entry.getSize(), location(zip, entry));
      }
    } else if (entry.isUnixSymlink()) {
      addLink(zip, entry, name);
    } else if (ContainerFormat.isArchive(name.key())) {
      entries.addNested(name, entry.getSize());
    } else {
      entries.add(name, entry.getSize(), location(zip, entry));
    }
  }

  /**
   * The name as the archive says it: by its flag for UTF-8, by Info-ZIP's field with the name in
   * Unicode (APPNOTE 4.6.9), or else bytes in a charset that nothing tells.
   */
  private ArchiveName name(ZipArchiveEntry entry) {
    byte[] raw = entry.getRawName();
    if (raw == null) {
      return new ArchiveName(EntryName.normalise(entry.getName()), ArchiveName.Origin.TEXT);
    }
    byte[] unicode = unicodeName(entry, raw);
    byte[] bytes = unicode == null ? raw : unicode;
    boolean said = unicode != null || entry.getGeneralPurposeBit().usesUTF8ForNames();
    boolean dos = entry.getPlatform() == ZipArchiveEntry.PLATFORM_FAT;
    if (dos && !contains(bytes, '/') && contains(bytes, '\\')) {
      // Some programs of Windows write these. In other charsets it may be half of a letter.
      String text =
          EscapedName.isUtf8(bytes)
              ? new String(bytes, StandardCharsets.UTF_8)
              : charset == null ? null : EscapedName.of(bytes, charset);
      if (text != null) {
        bytes = text.replace('\\', '/').getBytes(StandardCharsets.UTF_8);
      }
    }
    ArchiveName name = ArchiveName.of(bytes);
    return said ? new ArchiveName(name.key(), ArchiveName.Origin.TEXT) : name;
  }

  private static boolean contains(byte[] bytes, char wanted) {
    for (byte b : bytes) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  /** The name in Info-ZIP's field; none where another program renamed the entry since. */
  private static byte @Nullable [] unicodeName(ZipArchiveEntry entry, byte[] raw) {
    if (!(entry.getExtraField(UnicodePathExtraField.UPATH_ID)
        instanceof AbstractUnicodeExtraField field)) {
      return null;
    }
    CRC32 sum = new CRC32();
    sum.update(raw);
    return sum.getValue() == field.getNameCRC32() ? field.getUnicodeName() : null;
  }

  private void addLink(ZipFile zip, ZipArchiveEntry entry, ArchiveName name) {
    byte[] target = content(zip, entry, LONGEST_LINK_BYTES);
    if (target == null) {
      entries.addBroken(
          name, entry.getSize(), Kind.UNREADABLE, "it is a link whose target cannot be read");
      return;
    }
    entries.addSymbolicLink(name, EscapedName.of(target));
  }

  private void readSidecar(ZipFile zip, ZipArchiveEntry entry, ArchiveName name) {
    byte[] content = content(zip, entry, Sidecars.LONGEST_BYTES);
    if (content == null) {
      sidecars.unreadable(name.key(), "it is damaged, or " + Sidecars.TOO_LONG);
    } else if (entry.isUnixSymlink()) {
      sidecars.addLink(name.key(), ArchiveLinks.target(name.key(), EscapedName.of(content)));
    } else {
      sidecars.add(name.key(), content);
    }
  }

  /** What an entry holds; none where it is damaged or longer. */
  private static byte @Nullable [] content(ZipFile zip, ZipArchiveEntry entry, int atMost) {
    if (entry.getSize() > atMost) {
      return null;
    }
    try (InputStream stream = zip.getInputStream(entry)) {
      byte[] content = stream.readNBytes(atMost + 1);
      return content.length <= atMost ? content : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private ItemLocation location(ZipFile zip, ZipArchiveEntry entry) {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      return unreadable("it is encrypted");
    }
    int method = entry.getMethod();
    if (method != ZipEntry.STORED && method != ZipEntry.DEFLATED) {
      return unreadable(
          String.format(
              Locale.ROOT,
              "it is compressed by method %d; stored (0) and deflated (8) are read",
              method));
    }
    long position;
    try (InputStream raw = zip.getRawInputStream(entry)) { // looks the position up
      position = entry.getDataOffset();
    } catch (IOException | IllegalArgumentException e) {
      return unreadable("its header is damaged: " + e.getMessage());
    }
    long compressed = entry.getCompressedSize();
    if (position < 0 || compressed < 0 || compressed > file.length() - position) {
      return entries.broken(Kind.TRUNCATED, "its zip ends before it does");
    }
    return new ZippedEntry(
        file.path(),
        position,
        compressed,
        entry.getSize(),
        entry.getCrc(),
        method == ZipEntry.STORED ? Compression.STORED : Compression.DEFLATED);
  }

  private BrokenEntry unreadable(String detail) {
    return entries.broken(Kind.UNREADABLE, detail);
  }
}
