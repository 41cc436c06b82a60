/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Who has a lease, as its file says.
 *
 * @param name the run's or application's
 * @param process the process's number on its host
 * @param started when the process began: numbers are given out again
 */
record LeaseHolder(String name, String host, String process, String started) {
  private static final int LONGEST = 4096;
  private static final LeaseHolder UNKNOWN =
      new LeaseHolder("unknown", "unknown", "unknown", "unknown");
  private static final LeaseHolder GONE =
      new LeaseHolder("that has just ended", "unknown", "unknown", "unknown");

  static LeaseHolder self(String name) {
    ProcessHandle self = ProcessHandle.current();
    return new LeaseHolder(name, thisHost(), String.valueOf(self.pid()), startOf(self));
  }

  static LeaseHolder read(FileSystem fileSystem, Path path) throws IOException {
    try (InputStream stream = fileSystem.open(path)) {
      String text = new String(stream.readNBytes(LONGEST), StandardCharsets.UTF_8);
      List<String> lines = text.lines().toList();
      return lines.size() == 4
          ? new LeaseHolder(lines.get(0), lines.get(1), lines.get(2), lines.get(3))
          : UNKNOWN;
    } catch (FileNotFoundException e) {
      return GONE;
    }
  }

  String print() {
    return String.join("\n", name, host, process, started);
  }

  /** Whether it was a process of this host that is no more. */
  boolean isDeadHere() {
    return host.equals(thisHost())
        && process.chars().allMatch(Character::isDigit)
        && ProcessHandle.of(Long.parseLong(process))
            .filter(alive -> startOf(alive).equals(started))
            .isEmpty();
  }

  /** Whether it is a process of this host that runs. */
  boolean isAliveHere() {
    return host.equals(thisHost()) && !isDeadHere();
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(String::valueOf).orElse("unknown");
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
