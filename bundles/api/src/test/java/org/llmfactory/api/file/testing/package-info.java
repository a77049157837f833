/** Files in memory. */
@NullMarked
package org.llmfactory.api.file.testing;

import org.jspecify.annotations.NullMarked;
