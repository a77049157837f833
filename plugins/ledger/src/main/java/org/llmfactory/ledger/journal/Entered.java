package org.llmfactory.ledger.journal;

import java.util.Optional;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.ledger.chain.ChainEntry;

/**
 * An entry with what belongs to it, as the journal has it and the tables will.
 *
 * @param transcript what was said, sealed
 */
record Entered(ChainEntry entry, Optional<UsageEntry> usage, Optional<String> transcript) {}
