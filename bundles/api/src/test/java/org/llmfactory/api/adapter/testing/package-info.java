/** An adapter registry in memory, and what every registry must do. */
@NullMarked
package org.llmfactory.api.adapter.testing;

import org.jspecify.annotations.NullMarked;
