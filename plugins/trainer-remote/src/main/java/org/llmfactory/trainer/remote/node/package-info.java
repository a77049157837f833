/** The half of nodes: trains for controllers. */
@NullMarked
package org.llmfactory.trainer.remote.node;

import org.jspecify.annotations.NullMarked;
