/** Identity for tests, and what every store of keys must do. */
@NullMarked
package org.llmfactory.api.identity.testing;

import org.jspecify.annotations.NullMarked;
