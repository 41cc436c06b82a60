/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.text.Utf8;
import org.splitmask.prep.source.text.Words;

/** The spellings of a path: of one in a label file, and of the file that it may mean. */
final class ListedPath {
  private static final String ENTRY = "!/";
  private static final String LOCAL = "file:";

  /** hdfs://host/..., file:/...; a single letter is a drive of Windows. */
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+:)(//[^/]*)?(?=/)");

  private ListedPath() {}

  /** A path of a label file as Hadoop would write it. */
  static String of(String written) {
    return isLocalUri(written) ? steps(decoded(written)) : steps(written);
  }

  static boolean isAbsolute(String path) {
    return path.startsWith("/") || SCHEME.matcher(path).lookingAt();
  }

  /** Without a scheme and host. */
  static String bare(String path) {
    Matcher scheme = SCHEME.matcher(path);
    return scheme.lookingAt() ? path.substring(scheme.end()) : path;
  }

  static boolean isLocalUri(String path) {
    return path.startsWith(LOCAL + "/");
  }

  /** Where only Unicode's normal form, or blanks around it, differ, this does not. */
  static String loosely(String path) {
    return Normalizer.normalize(Words.strip(path), Normalizer.Form.NFC);
  }

  /** Without "./", "//" and "a/../"; names inside containers are data and stay as they are. */
  static String steps(String path) {
    if (isPlain(path)) {
      return path;
    }
    int entry = path.indexOf(ENTRY);
    if (entry >= 0) {
      return steps(path.substring(0, entry)) + path.substring(entry);
    }
    Matcher scheme = SCHEME.matcher(path);
    if (scheme.lookingAt()) {
      boolean noHost = scheme.group(2) == null || scheme.group(2).length() == 2;
      boolean local = scheme.group(1).equals(LOCAL);
      String prefix = local || noHost ? scheme.group(1) : scheme.group();
      return prefix + steps(path.substring(scheme.end()));
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      int last = parts.size() - 1;
      if (part.equals("..") && last >= 0 && !parts.get(last).equals("..")) {
        parts.remove(last);
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
  }

  /** Whether a path has only one way to be written, at first sight; nearly all are so. */
  static boolean isPlain(String path) {
    boolean begins = true;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean odd = c <= ' ' || c >= 0x7F || c == '%' || c == '\\' || c == ':';
      if (odd || (begins && i > 0 && (c == '/' || c == '.')) || (i == 0 && c == '.')) {
        return false;
      }
      begins = c == '/';
    }
    return !begins;
  }

  /** What a label file may call a file: below its input; absolute; as a URI. */
  static List<String> names(SourceItem item, boolean absolute) {
    String relative = item.relativePath();
    String path = item.path();
    Matcher scheme = SCHEME.matcher(path);
    if (!absolute || !scheme.lookingAt()) {
      return List.of(relative);
    }
    String bare = path.substring(scheme.end());
    return List.of(relative, path, bare, scheme.group(1) + bare);
  }

  /** The text with %20 and the like as what they stand for; as it is where that makes no text. */
  static String decoded(String uri) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] written = uri.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < written.length; i++) {
      if (written[i] != '%') {
        bytes.write(written[i]);
        continue;
      }
      int high = i + 2 < written.length ? Character.digit(written[i + 1], 16) : -1;
      int low = i + 2 < written.length ? Character.digit(written[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return uri;
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    byte[] content = bytes.toByteArray();
    return Utf8.fault(content) < 0 ? new String(content, StandardCharsets.UTF_8) : uri;
  }
}
