/** Searching for the values that make a loss small, where each attempt is dear. */
@NullMarked
package org.llmfactory.search;

import org.jspecify.annotations.NullMarked;
