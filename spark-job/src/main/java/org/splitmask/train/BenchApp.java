/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.prep.BenchPrepareApp;
import picocli.CommandLine.Command;

/** {@code bench}: how fast the parts are; each part is a subcommand. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures throughput.",
    subcommands = {BenchPrepareApp.class, BenchTrainApp.class, BenchParityApp.class})
public final class BenchApp implements Callable<Map<String, Object>> {
  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new BenchApp(), arguments), System::exit);
  }

  @Override
  public Map<String, Object> call() {
    throw Check.failure(
        Blame.USER,
        "bench needs to know what to measure: bench prepare, bench train or bench"
            + " parity, each with --help");
  }
}
