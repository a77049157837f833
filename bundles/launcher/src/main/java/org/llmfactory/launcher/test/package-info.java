/** How many tests ran and how many failed. */
@NullMarked
package org.llmfactory.launcher.test;

import org.jspecify.annotations.NullMarked;
