/** The tables and what is kept of them in memory. */
@NullMarked
package org.llmfactory.projects.store;

import org.jspecify.annotations.NullMarked;
