/* SPDX-License-Identifier: Apache-2.0 */
/** The averaging loop behind the interfaces of DL4J's Spark API. */
@NullMarked
package org.splitmask.train.averaging.dl4j;

import org.jspecify.annotations.NullMarked;
