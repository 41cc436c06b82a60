/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The picture set of the demo: small labelled pictures, rendered from a seed.
 *
 * <p>A class is a {@link org.splitmask.train.demo.Shape} filled with a {@link
 * org.splitmask.train.demo.Texture}. Colours, light, place, size, rotation, background and clutter
 * are drawn from the same distributions for every class, so that nothing but form tells the classes
 * apart: a colour histogram stays near chance, and an encoder has to learn something. Plain pixel
 * arithmetic, the JDK alone.
 */
@NullMarked
package org.splitmask.train.demo;

import org.jspecify.annotations.NullMarked;
