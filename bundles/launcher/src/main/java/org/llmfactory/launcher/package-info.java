/** The command line: a plain program outside the container that starts agents and talks to them. */
@NullMarked
package org.llmfactory.launcher;

import org.jspecify.annotations.NullMarked;
