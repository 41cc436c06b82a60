/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.fs.BufferedFSInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.text.EscapedName;

/**
 * The local disk by the bytes of its names. Hadoop's own local filesystem sees names as the JVM's
 * locale decodes them and drops the others without a word; here every name is found and opened
 * whatever the locale, and links to nowhere, pipes and devices are told apart.
 */
final class LocalFiles {
  private static final String SCHEME = "file:";

  /** Linux's NAME_MAX and PATH_MAX. */
  private static final int LONGEST_NAME_BYTES = 255;

  private static final int LONGEST_PATH_BYTES = 4095;

  /** What the JDK adds, in any language, to the kernel's words for links in a circle. */
  private static final String ENDLESS_LINK = "unable to access attributes of symbolic link";

  private LocalFiles() {}

  /** What a qualified path names; links are followed. */
  static SourceStatus status(String path) throws IOException {
    Path file = file(path);
    try {
      return status(path, Files.readAttributes(file, BasicFileAttributes.class));
    } catch (IOException e) {
      String trouble = trouble(file, e);
      if (trouble == null) {
        throw translated(path, e);
      }
      return SourceStatus.unreadable(path, trouble);
    }
  }

  /** What lies in a folder, in no order. */
  static List<SourceStatus> list(String folder) throws IOException {
    List<SourceStatus> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(file(folder))) {
      for (Path child : children) {
        String path = folder.endsWith("/") ? folder + name(child) : folder + "/" + name(child);
        try {
          found.add(status(path, Files.readAttributes(child, BasicFileAttributes.class)));
        } catch (IOException e) {
          String trouble = trouble(child, e);
          if (trouble != null) {
            found.add(SourceStatus.unreadable(path, trouble));
          } else if (!(e
              instanceof NoSuchFileException)) { // else it went while the folder was read
            throw translated(path, e);
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw new IOException("cannot list " + folder, e);
    } catch (IOException e) {
      throw translated(folder, e);
    }
    return found;
  }

  /** Opens a file; a buffer of 0 is none. */
  static FSDataInputStream open(String path, int bufferBytes) throws IOException {
    try {
      LocalInput input = new LocalInput(FileChannel.open(file(path), StandardOpenOption.READ));
      return new FSDataInputStream(
          bufferBytes == 0 ? input : new BufferedFSInputStream(input, bufferBytes));
    } catch (IOException e) {
      throw translated(path, e);
    }
  }

  /** Where a path leads when all links are followed; parts that are not there yet stay. */
  static String real(String path) throws IOException {
    Path file = file(path);
    Path missing = Path.of("");
    for (Path at = file; at != null; at = at.getParent()) {
      if (Files.exists(at)) {
        Path real = at.toRealPath();
        return SCHEME + text(missing.toString().isEmpty() ? real : real.resolve(missing));
      }
      Path name = at.getFileName();
      missing = name == null ? missing : name.resolve(missing);
    }
    return path;
  }

  static boolean isLink(String path) {
    return Files.isSymbolicLink(file(path));
  }

  private static SourceStatus status(String path, BasicFileAttributes attributes) {
    if (attributes.isOther()) {
      return SourceStatus.unreadable(path, "it is a pipe, socket or device, and no file");
    }
    return new SourceStatus(
        path,
        attributes.isDirectory() ? SourceStatus.Kind.FOLDER : SourceStatus.Kind.FILE,
        attributes.isDirectory() ? 0 : attributes.size(),
        attributes.lastModifiedTime().toMillis(),
        "");
  }

  /** What is wrong with a name that is there; none where it is not, or the storage failed. */
  private static @Nullable String trouble(Path file, IOException failure) throws IOException {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (!Files.isSymbolicLink(file)) {
      return null;
    }
    Path target = Files.readSymbolicLink(file);
    if (failure instanceof NoSuchFileException || leadsThroughFile(file.resolveSibling(target))) {
      return "it is a link to " + text(target) + ", which is not there; is its disk mounted?";
    }
    boolean endless = String.valueOf(failure.getMessage()).contains(ENDLESS_LINK);
    return endless ? "it is a link to " + text(target) + ", which leads back to itself" : null;
  }

  private static boolean leadsThroughFile(Path target) {
    for (Path above = target.normalize().getParent(); above != null; above = above.getParent()) {
      if (Files.exists(above) && !Files.isDirectory(above)) {
        return true;
      }
    }
    return false;
  }

  /** Whether no file can be called so: a part is a file and no folder, or too long. */
  private static boolean isNoPath(Path file) {
    for (Path part : file) {
      if (EscapedName.bytes(text(part)).length > LONGEST_NAME_BYTES) {
        return true;
      }
    }
    return file.toString().length() > LONGEST_PATH_BYTES || leadsThroughFile(file);
  }

  /** Failures as Hadoop's filesystems tell them, in words without a Java class's name. */
  private static IOException translated(String path, IOException failure) {
    IOException told =
        failure instanceof NoSuchFileException || isNoPath(file(path))
            ? new FileNotFoundException("it is gone: " + path)
            : failure instanceof AccessDeniedException
                ? new AccessControlException("permission denied: " + path)
                : failure;
    if (told != failure) {
      told.initCause(failure);
    }
    return told;
  }

  /** The last part of a path as text. */
  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : text(name);
  }

  /** A path as text; what the JVM makes of it is the same in every locale for ASCII alone. */
  private static String text(Path path) {
    String text = path.toString();
    if (text.chars().allMatch(c -> c < 0x80 && c != '\\')) {
      return text;
    }
    // The URI alone tells a path's bytes. It ends in a slash where there is a folder of that name.
    String raw = path.getFileSystem().getPath("/").resolve(path).toUri().getRawPath();
    String exact = EscapedName.of(unescaped(raw));
    int end = exact.endsWith("/") ? exact.length() - 1 : exact.length();
    return exact.substring(path.isAbsolute() ? 0 : 1, end);
  }

  /** The file of a qualified path's text. */
  static Path file(String path) {
    String plain = path.startsWith(SCHEME) ? path.substring(SCHEME.length()) : path;
    while (plain.startsWith("//")) {
      plain = plain.substring(1);
    }
    StringBuilder uri = new StringBuilder("file://");
    for (byte b : EscapedName.bytes(plain)) {
      boolean asItIs =
          (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '/';
      if (asItIs) {
        uri.append((char) b);
      } else {
        uri.append('%').append(HexFormat.of().toHexDigits(b));
      }
    }
    return Path.of(URI.create(uri.toString()));
  }

  private static byte[] unescaped(String rawPath) {
    byte[] escaped = rawPath.getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[escaped.length];
    int length = 0;
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] == '%') {
        bytes[length++] = (byte) HexFormat.fromHexDigits(rawPath, i + 1, i + 3);
        i += 2;
      } else {
        bytes[length++] = escaped[i];
      }
    }
    return Arrays.copyOf(bytes, length);
  }
}
