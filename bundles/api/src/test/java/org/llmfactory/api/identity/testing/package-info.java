/** Callers given by the test. */
@NullMarked
package org.llmfactory.api.identity.testing;

import org.jspecify.annotations.NullMarked;
