/** What was said: sealed, and bound to its entry by a digest. */
@NullMarked
package org.llmfactory.ledger.transcript;

import org.jspecify.annotations.NullMarked;
