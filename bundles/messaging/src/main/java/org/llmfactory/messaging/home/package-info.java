/** The agent's folder for what it keeps of its network. */
@NullMarked
package org.llmfactory.messaging.home;

import org.jspecify.annotations.NullMarked;
