/** The tables, what is kept of them in memory, and the one way to change them. */
@NullMarked
package org.llmfactory.projects.store;

import org.jspecify.annotations.NullMarked;
