/** An object store in memory, and what every object store must do. */
@NullMarked
package org.llmfactory.api.storage.testing;

import org.jspecify.annotations.NullMarked;
