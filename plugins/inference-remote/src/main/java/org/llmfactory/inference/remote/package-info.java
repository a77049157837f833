/** Engines of other agents: offered to controllers on nodes, and found like any other on controllers. */
@NullMarked
package org.llmfactory.inference.remote;

import org.jspecify.annotations.NullMarked;
