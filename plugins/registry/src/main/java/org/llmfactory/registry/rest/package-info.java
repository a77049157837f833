/** Adapters over HTTP. */
@NullMarked
package org.llmfactory.registry.rest;

import org.jspecify.annotations.NullMarked;
