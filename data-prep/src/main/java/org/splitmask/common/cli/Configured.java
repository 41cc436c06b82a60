/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

/** A command with a configuration, whose keys {@code --help} lists. */
public interface Configured {
  /** The record that declares the keys. */
  Class<? extends Record> configuration();
}
