/** A network of controllers and nodes in memory. */
@NullMarked
package org.llmfactory.inference.remote.testing;

import org.jspecify.annotations.NullMarked;
