/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.lease.Repeater;

/** A holder on another host is known by its heartbeat alone; minutes pass by hand. */
class LeaseHeartbeatTest {
  @TempDir private java.nio.file.Path folder;

  private final ClockedFileSystem files = new ClockedFileSystem();
  private final List<Runnable> living = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    files.initialize(folder.toUri(), new Configuration());
  }

  @Test
  void whoBeatsKeepsTheLeaseHoweverLongItTakes() {
    TableLease first = take("run-1");

    for (int hour = 0; hour < 24; hour++) {
      pass(Duration.ofHours(1));
      assertThatThrownBy(() -> take("run-2"))
          .hasMessageContainingAll("is being written by run run-1", "heard of 0 seconds ago");
    }

    first.check();
    first.close();
    take("run-3").close();
  }

  @Test
  void whoIsSilentLosesItAfterFifteenMinutesAndNotBefore() {
    TableLease first = take("run-1");
    pass(Duration.ofMinutes(30));
    living.clear(); // the host is gone

    pass(Duration.ofMinutes(14));
    assertThatThrownBy(() -> take("run-2"))
        .hasMessageContainingAll("heard of 14 minutes ago", "after 15 minutes of silence");
    first.check();
    pass(Duration.ofMinutes(1));
    TableLease second = take("run-2");

    second.check();
    assertThatThrownBy(first::check).hasMessageContaining("was taken over by run-2");
    second.close();
  }

  @Test
  void whoGaveItBackBeatsNoMore() {
    take("run-1").close();

    assertThat(living).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  /** Beats fall due every minute. */
  private void pass(Duration time) {
    for (long minute = 0; minute < time.toMinutes(); minute++) {
      files.pass(Duration.ofMinutes(1));
      List.copyOf(living).forEach(Runnable::run);
    }
  }

  private TableLease take(String runId) {
    Repeater byHand =
        (pause, task) -> {
          assertThat(pause).isEqualTo(Duration.ofMinutes(1));
          living.add(task);
          return () -> living.remove(task);
        };
    return TableLease.take(files, new Path(folder.toUri()), runId, byHand);
  }
}
