/** Trainers of other agents: offered to controllers on nodes, and found like any other on controllers. */
@NullMarked
package org.llmfactory.trainer.remote;

import org.jspecify.annotations.NullMarked;
