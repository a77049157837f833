/** The ledger itself: many callers, one writer, shared commits. */
@NullMarked
package org.llmfactory.ledger.journal;

import org.jspecify.annotations.NullMarked;
