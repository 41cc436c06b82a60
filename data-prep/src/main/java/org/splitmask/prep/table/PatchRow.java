/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import org.jspecify.annotations.Nullable;

/**
 * One picture as a reader sees it.
 *
 * @param imageId SHA-256 of the file's bytes, 64 hexadecimal digits
 * @param path where the file was when it was prepared
 * @param label its class, where one is known
 * @param patches uint8 [L, P, P, C] row-major; not copied, so not to be written to
 */
// An array, because a copy of every picture would cost more than the risk is worth.
@SuppressWarnings("ArrayRecordComponent")
public record PatchRow(String imageId, String path, @Nullable String label, byte[] patches) {}
