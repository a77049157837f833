/** A chat store for tests, and what every chat store must do. */
@NullMarked
package org.llmfactory.api.chat.testing;

import org.jspecify.annotations.NullMarked;
