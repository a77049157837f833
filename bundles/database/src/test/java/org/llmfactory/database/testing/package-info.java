/** Databases for the tests of every module that has tables: Derby in memory, and a real PostgreSQL. */
@NullMarked
package org.llmfactory.database.testing;

import org.jspecify.annotations.NullMarked;
