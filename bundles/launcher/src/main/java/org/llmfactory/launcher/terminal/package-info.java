/** What people and machines read. */
@NullMarked
package org.llmfactory.launcher.terminal;

import org.jspecify.annotations.NullMarked;
