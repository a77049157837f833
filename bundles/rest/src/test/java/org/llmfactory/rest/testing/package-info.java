/** A container for tests over HTTP. */
@NullMarked
package org.llmfactory.rest.testing;

import org.jspecify.annotations.NullMarked;
