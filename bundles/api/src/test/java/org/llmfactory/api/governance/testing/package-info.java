/** A governor for tests, and what every governor must do. */
@NullMarked
package org.llmfactory.api.governance.testing;

import org.jspecify.annotations.NullMarked;
