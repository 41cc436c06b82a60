/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.text.EscapedName;

/** Paths as people and lists write them. Names may have colons; a scheme has a slash behind it. */
final class PathSyntax {
  /** What pictures are read from; others, such as http, are no storage that can be relied on. */
  private static final Set<String> SCHEMES =
      Set.of(
          "file",
          "hdfs",
          "viewfs",
          "webhdfs",
          "swebhdfs",
          "s3a",
          "gs",
          "abfs",
          "abfss",
          "wasb",
          "wasbs",
          "adl",
          "oss",
          "obs",
          "cosn",
          "ofs",
          "o3fs");

  private static final Pattern WITH_SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(/.*)", Pattern.DOTALL);
  private static final Pattern FILE_ON_HOST =
      Pattern.compile("(?i:file)://([^/]+)(/.*)", Pattern.DOTALL);

  private static final Pattern ESCAPES =
      Pattern.compile("(?:[^%]|%[0-9A-Fa-f]{2})*", Pattern.DOTALL);

  private PathSyntax() {}

  /** The scheme of a URI in lower case; none for a plain path. */
  static @Nullable String scheme(String text) {
    Matcher uri = WITH_SCHEME.matcher(text);
    return uri.matches() ? uri.group(1).toLowerCase(Locale.ROOT) : null;
  }

  /** Whether files are read from a scheme. */
  static boolean isRead(String scheme, Configuration hadoop) {
    return SCHEMES.contains(scheme) || hadoop.get("fs." + scheme + ".impl") != null;
  }

  /** The host that a file URI names; none where it is this machine. */
  static @Nullable String host(String text) {
    Matcher uri = FILE_ON_HOST.matcher(text);
    return uri.matches() && !uri.group(1).equalsIgnoreCase("localhost") ? uri.group(1) : null;
  }

  /** A path, relative ones below a folder. */
  static Path resolve(String text, Path folder) {
    if (scheme(text) != null) {
      return new Path(FILE_ON_HOST.matcher(text).replaceFirst("file://$2"));
    }
    URI base = folder.toUri();
    String path = text.startsWith("/") ? text : base.getPath() + "/" + text;
    return new Path(base.getScheme(), base.getAuthority(), path);
  }

  /** A file URI with its percent-escapes decoded; none where there are none, or they are not. */
  static @Nullable String unescaped(String text) {
    if (!"file".equals(scheme(text)) || text.indexOf('%') < 0 || !ESCAPES.matcher(text).matches()) {
      return null;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        String digits = new String(bytes, i + 1, 2, StandardCharsets.US_ASCII);
        decoded[length++] = (byte) HexFormat.fromHexDigits(digits);
        i += 2;
      } else {
        decoded[length++] = bytes[i];
      }
    }
    return EscapedName.of(Arrays.copyOf(decoded, length));
  }
}
