/** A catalogue of files for tests, and what every one must do. */
@NullMarked
package org.llmfactory.api.file.testing;

import org.jspecify.annotations.NullMarked;
