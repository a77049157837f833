/** An engine that follows a script, and what every engine must do. */
@NullMarked
package org.llmfactory.api.inference.testing;

import org.jspecify.annotations.NullMarked;
