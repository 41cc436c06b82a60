/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/**
 * Values that a catalog file refers to, {@code ${env:NAME}} and {@code ${credential:ALIAS}}. What
 * was put in a reference's place is taken out again of all that people see.
 */
final class CatalogSecrets {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^:}]*):?([^}]*)}");
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?:.*[.-])?(?:password|passwd|secret|secret-key|secret-access-key|access-key|account-key"
              + "|session-token|sas-token|token|credential)");
  private static final Pattern SECRET_INSIDE =
      Pattern.compile(
          "(?i)(?:password|passwd|pwd|secret|token)=(?!\\$\\{)[^&;]|//[^/@$]*:(?!\\$\\{)[^/@]+@");

  private final UnaryOperator<@Nullable String> environment;
  private final Configuration hadoop;
  private final Map<String, String> referencesByValue = new LinkedHashMap<>();

  /**
   * None yet.
   *
   * @param environment variables by name; null where there is none
   * @param hadoop knows credential providers
   */
  CatalogSecrets(UnaryOperator<@Nullable String> environment, Configuration hadoop) {
    this.environment = environment;
    this.hadoop = hadoop;
  }

  /** A property's value with what it refers to; refuses one that is a secret itself. */
  String resolve(String file, String key, String value) {
    boolean written =
        SECRET_KEY.matcher(key).matches()
            ? REFERENCE.matcher(value).replaceAll("").equals(value)
            : SECRET_INSIDE.matcher(value).find();
    Check.that(
        !written,
        "%s: properties.%s has a secret in the file; write ${env:NAME} for an environment variable"
            + " or ${credential:ALIAS} for a Hadoop credential provider in its place",
        file,
        key);
    return REFERENCE
        .matcher(value)
        .replaceAll(found -> Matcher.quoteReplacement(look(file, key, found)));
  }

  private String look(String file, String key, MatchResult found) {
    String name = found.group(2);
    String value =
        switch (found.group(1)) {
          case "env" -> environment.apply(name);
          case "credential" -> credential(name);
          default ->
              throw Check.failure(
                  Blame.USER,
                  "%s: properties.%s has %s; write ${env:NAME} or ${credential:ALIAS}",
                  file,
                  key,
                  found.group());
        };
    if (value == null || value.isEmpty()) {
      throw Check.failure(
          Blame.USER,
          "%s: properties.%s refers to %s, which is not set%s",
          file,
          key,
          found.group(),
          found.group(1).equals("env")
              ? "; export it (for a driver in cluster mode: spark.yarn.appMasterEnv." + name + ")"
              : "; see hadoop.security.credential.provider.path");
    }
    referencesByValue.put(value, found.group());
    return value;
  }

  private @Nullable String credential(String alias) {
    try {
      char[] password = hadoop.getPassword(alias);
      return password == null ? null : new String(password);
    } catch (IOException e) {
      throw new SplitMaskException(
          Blame.USER, "cannot read the credential " + alias + ": " + e.getMessage(), e);
    }
  }

  /** Whether somebody's words have one of the values in them. */
  boolean isIn(@Nullable String text) {
    return text != null && referencesByValue.keySet().stream().anyMatch(text::contains);
  }

  /** The words with the references in the places of their values. */
  String hide(String text) {
    String hidden = text;
    for (Map.Entry<String, String> secret : referencesByValue.entrySet()) {
      hidden = hidden.replace(secret.getKey(), secret.getValue());
    }
    return hidden;
  }
}
