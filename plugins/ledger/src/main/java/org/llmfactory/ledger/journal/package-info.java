/** The ledger itself: callers share their commits to a journal, and one thread brings it into the tables. */
@NullMarked
package org.llmfactory.ledger.journal;

import org.jspecify.annotations.NullMarked;
