/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The images, the manifests, and Spark's own submission to an API server that stands in for one.
 */
@NullMarked
package org.splitmask.deploy.kubernetes;

import org.jspecify.annotations.NullMarked;
