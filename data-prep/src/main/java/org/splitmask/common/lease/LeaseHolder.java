/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;

/**
 * Who has a lease, as its file says.
 *
 * @param name the run's or application's
 * @param host its name and, behind a blank, what tells its processes from those of other machines
 *     and containers of the same name
 * @param process the process's number there
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

  static LeaseHolder read(FileSystem fileSystem, org.apache.hadoop.fs.Path path)
      throws IOException {
    try (InputStream stream = fileSystem.open(path)) {
      String text = new String(stream.readNBytes(LONGEST), StandardCharsets.UTF_8);
      List<String> lines = text.lines().toList();
      return lines.size() == 4
          ? new LeaseHolder(lines.get(0), lines.get(1), lines.get(2), lines.get(3))
          : UNKNOWN;
    } catch (FileNotFoundException e) {
      if (fileSystem.exists(path)) {
        throw e; // which a local disk says of a file that it cannot open, too
      }
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

  /** Whether nobody has it any more. */
  boolean isGone() {
    return equals(GONE);
  }

  /** The host's name, for people. */
  String hostName() {
    return host.split(" ", 2)[0];
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(String::valueOf).orElse("unknown");
  }

  /** Containers may share a name and have numbers of processes of their own. */
  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName() + " " + kernel() + processNumbers();
    } catch (UnknownHostException e) {
      return "unknown "
          + ProcessHandle.current().info().startInstant().map(String::valueOf).orElse("");
    }
  }

  /** Another one after each start of the machine; empty where there is no such file. */
  private static String kernel() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + "/";
    } catch (IOException e) {
      return "";
    }
  }

  /** The same for all processes that see each other's numbers. */
  private static String processNumbers() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
