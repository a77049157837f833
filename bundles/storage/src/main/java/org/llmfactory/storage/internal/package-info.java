/** Where blobs lie. */
@NullMarked
package org.llmfactory.storage.internal;

import org.jspecify.annotations.NullMarked;
