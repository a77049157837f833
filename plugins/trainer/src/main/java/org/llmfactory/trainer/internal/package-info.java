@NullMarked
package org.llmfactory.trainer.internal;

import org.jspecify.annotations.NullMarked;
