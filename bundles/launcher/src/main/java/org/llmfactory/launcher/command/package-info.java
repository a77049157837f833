/** The commands, one class each. */
@NullMarked
package org.llmfactory.launcher.command;

import org.jspecify.annotations.NullMarked;
