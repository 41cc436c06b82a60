/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a record component as a configuration key. The key's name is the component's in
 * kebab-case; bounds are checked by the record's constructor.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {
  /** The value when neither the command line nor the file gives one. */
  String defaultValue();

  /** One sentence for {@code --help} and the README: what it does, its unit and its bounds. */
  String help();
}
