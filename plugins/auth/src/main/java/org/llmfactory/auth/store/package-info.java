/** What all credentials share: the tables, the pepper, what is kept in memory. */
@NullMarked
package org.llmfactory.auth.store;

import org.jspecify.annotations.NullMarked;
