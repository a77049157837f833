/** The way to the parent's broker. */
@NullMarked
package org.llmfactory.broker.bridge;

import org.jspecify.annotations.NullMarked;
