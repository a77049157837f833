/** Counters of use by the minute, and the sums of them. */
@NullMarked
package org.llmfactory.ledger.usage;

import org.jspecify.annotations.NullMarked;
