/** A codec of bytes and a model of nothing, and what every codec must do. */
@NullMarked
package org.llmfactory.api.model.testing;

import org.jspecify.annotations.NullMarked;
