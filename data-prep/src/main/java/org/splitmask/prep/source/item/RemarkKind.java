/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

/** What a listing has to say besides what it found. */
public enum RemarkKind {
  /** A name whose bytes are no UTF-8, on the disk. */
  ESCAPED_FILE_NAME(
      "file names are no UTF-8; their other bytes are written as \\xE4, in paths and labels"),
  /** A name whose bytes are no text that the archive or the configuration names. */
  ESCAPED_ENTRY_NAME(
      "names in archives are not in UTF-8; their other bytes are written as \\xE4, in paths and"
          + " labels: name their charset by archive-charset (cp437, gbk, shift_jis, euc-kr, ...)"),
  /** A sidecar that says no label. */
  IGNORED_SIDECAR("sidecars (.cls, .json, .txt) cannot be used and give no label"),
  /** A link inside of an archive that leads to no entry. */
  UNFOLLOWED_LINK("links in archives lead to nothing inside of their archive");

  private final String words;

  RemarkKind(String words) {
    this.words = words;
  }

  /** For people, behind a count. */
  public String words() {
    return words;
  }
}
