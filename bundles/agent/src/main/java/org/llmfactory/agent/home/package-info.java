/** The agent's home directory. */
@NullMarked
package org.llmfactory.agent.home;

import org.jspecify.annotations.NullMarked;
