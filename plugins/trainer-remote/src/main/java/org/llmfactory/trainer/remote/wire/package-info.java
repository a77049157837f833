/** A run and its controller in messages; no thread, no stream. */
@NullMarked
package org.llmfactory.trainer.remote.wire;

import org.jspecify.annotations.NullMarked;
