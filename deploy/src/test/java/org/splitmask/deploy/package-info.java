/* SPDX-License-Identifier: Apache-2.0 */
/** The applications on clusters, object stores and under schedulers, as their users run them. */
package org.splitmask.deploy;
