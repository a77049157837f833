/** The agent as a process and as an HTTP server. */
@NullMarked
package org.llmfactory.launcher.agent;

import org.jspecify.annotations.NullMarked;
