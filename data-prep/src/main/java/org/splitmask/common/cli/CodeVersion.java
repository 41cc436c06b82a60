/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

/** The version of the code that runs. */
public final class CodeVersion {
  private CodeVersion() {}

  /** The version in the manifest of the jar that holds the class; classes of a build have none. */
  public static String of(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }
}
