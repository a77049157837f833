/** The door itself: asks limits, policies and budgets, and enters what was done in the ledger. */
@NullMarked
package org.llmfactory.policies.governor;

import org.jspecify.annotations.NullMarked;
