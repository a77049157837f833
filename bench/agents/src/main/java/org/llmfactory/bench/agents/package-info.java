/** A program: many agents in one process that are members of a network and report, and do nothing else. */
@NullMarked
package org.llmfactory.bench.agents;

import org.jspecify.annotations.NullMarked;
