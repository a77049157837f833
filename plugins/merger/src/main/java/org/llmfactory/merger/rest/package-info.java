/** Merging and extraction over HTTP. */
@NullMarked
package org.llmfactory.merger.rest;

import org.jspecify.annotations.NullMarked;
