/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.Serializable;
import org.splitmask.prep.table.write.TaskFiles;

/** What a task gives back to the driver. */
public record TaskOutcome(TaskFiles files, Tally tally) implements Serializable {}
