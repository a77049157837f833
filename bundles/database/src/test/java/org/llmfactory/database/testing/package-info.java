/** A database for tests. */
@NullMarked
package org.llmfactory.database.testing;

import org.jspecify.annotations.NullMarked;
