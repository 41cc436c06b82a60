/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.io.Serializable;
import org.apache.iceberg.Table;
import org.splitmask.prep.patch.PatchShape;

/**
 * What a task needs to write files.
 *
 * @param patches Iceberg's serialisable copy
 * @param rejected likewise
 */
public record WriteTarget(Table patches, Table rejected, PatchShape shape, String runId)
    implements Serializable {}
