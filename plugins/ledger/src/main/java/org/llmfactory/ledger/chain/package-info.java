/** The chain of entries: how one is written down, bound to the one before it, and checked. */
@NullMarked
package org.llmfactory.ledger.chain;

import org.jspecify.annotations.NullMarked;
