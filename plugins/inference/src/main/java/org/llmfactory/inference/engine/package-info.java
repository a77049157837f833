/**
 * Many requests, each with its own adapters, answered in one batch. Token ids in, token ids out: nothing here knows of
 * text, of files or of OSGi.
 */
@NullMarked
package org.llmfactory.inference.engine;

import org.jspecify.annotations.NullMarked;
