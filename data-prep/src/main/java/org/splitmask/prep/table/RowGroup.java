/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;

/**
 * One row group of one data file: the unit in which rows are read.
 *
 * @param file the data file's location
 * @param ordinal the row group's place in the file, from 0
 * @param rows how many pictures it holds
 * @param bytes its size in memory once read (uncompressed)
 */
public record RowGroup(String file, int ordinal, int rows, long bytes) implements Serializable {}
