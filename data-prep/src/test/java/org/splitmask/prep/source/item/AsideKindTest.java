/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsideKindTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "_DSC0002.JPG",
        "_MG_0004.jpg",
        "_unsorted/a.jpg",
        "__index__.jpg",
        "_.jpg",
        "noext",
        "a.html.jpg",
        "a.txt.png",
        "text",
        "x.tar",
        "..",
        "a/../b.jpg",
        "./x.jpg",
        "_success.jpg",
        "readme.jpg",
        "x._COPYING_.jpg",
        "metadata/x.jpg",
        "a.heic",
        "Thumbs.jpg"
      })
  void whatMayBeAPictureIsLookedInto(String name) {
    assertThat(AsideKind.ofEntry(name.equals("..") ? "../x.jpg" : name)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    ".hidden.jpg, HIDDEN",
    ".git/x.jpg, HIDDEN",
    "a/.b/c/d.jpg, HIDDEN",
    "._1.jpg, MACOS",
    "a/.DS_Store, MACOS",
    "__MACOSX/cats/1.jpg, MACOS",
    "_SUCCESS, JOB",
    "_temporary/0/a.jpg, JOB",
    "_committed_123, JOB",
    "_delta_log/0.json, JOB",
    "x.jpg._COPYING_, UNFINISHED",
    "@eaDir/1.jpg/SYNOPHOTO.jpg, SYSTEM",
    "$RECYCLE.BIN/1.jpg, SYSTEM",
    "cats/Thumbs.db, COMPANION",
    "desktop.ini, COMPANION",
    "0001.cls, COMPANION",
    "0001.JSON, COMPANION",
    "labels/1.txt, COMPANION",
    "00000_stats.json, COMPANION",
    "emb.npy, COMPANION",
    "README, COMPANION"
  })
  void whatIsKnownToBeNoneIsNot(String name, AsideKind kind) {
    assertThat(AsideKind.ofEntry(name)).isEqualTo(kind);
  }

  @Test
  void foldersOfTheSystemAreNotListedAndFilesCalledSoAreLookedInto() {
    assertThat(AsideKind.ofFolder("lost+found")).isEqualTo(AsideKind.SYSTEM);
    assertThat(AsideKind.ofFile("lost+found")).isNull();
    assertThat(AsideKind.ofFolder("notes.txt")).as("a folder").isNull();
  }
}
