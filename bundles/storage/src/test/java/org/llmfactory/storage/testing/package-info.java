/** A real S3 server for tests. */
@NullMarked
package org.llmfactory.storage.testing;

import org.jspecify.annotations.NullMarked;
