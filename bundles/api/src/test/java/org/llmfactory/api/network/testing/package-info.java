/** A network in memory. */
@NullMarked
package org.llmfactory.api.network.testing;

import org.jspecify.annotations.NullMarked;
