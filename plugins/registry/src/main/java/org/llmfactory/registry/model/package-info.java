/** The base models that lie on this agent, as services. */
@NullMarked
package org.llmfactory.registry.model;

import org.jspecify.annotations.NullMarked;
