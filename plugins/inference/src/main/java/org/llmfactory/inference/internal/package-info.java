/** The engines as OSGi services: one for each language model on this agent. */
@NullMarked
@Requirement(namespace = "org.llmfactory.native", filter = "(engine=pytorch)")
package org.llmfactory.inference.internal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Requirement;
