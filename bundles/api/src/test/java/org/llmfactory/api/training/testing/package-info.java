/** A trainer that does as it is told. */
@NullMarked
package org.llmfactory.api.training.testing;

import org.jspecify.annotations.NullMarked;
