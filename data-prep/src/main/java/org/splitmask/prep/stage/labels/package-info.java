/* SPDX-License-Identifier: Apache-2.0 */
/** What is said of pictures: label files, names of folders, and the rules that deal out splits. */
@NullMarked
package org.splitmask.prep.stage.labels;

import org.jspecify.annotations.NullMarked;
