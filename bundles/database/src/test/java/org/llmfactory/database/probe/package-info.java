/** A plugin with tables, for the test in the container. */
@NullMarked
package org.llmfactory.database.probe;

import org.jspecify.annotations.NullMarked;
