/** A plugin of the tests. */
@NullMarked
package org.llmfactory.rest.sample;

import org.jspecify.annotations.NullMarked;
