/** A ledger for tests, and what every ledger must do. */
@NullMarked
package org.llmfactory.api.ledger.testing;

import org.jspecify.annotations.NullMarked;
