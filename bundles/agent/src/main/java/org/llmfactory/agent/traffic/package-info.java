/** Which requests are at work in which plugin, and a gate that holds new ones while a plugin is changed. */
@NullMarked
package org.llmfactory.agent.traffic;

import org.jspecify.annotations.NullMarked;
