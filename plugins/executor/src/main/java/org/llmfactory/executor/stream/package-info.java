/** Commands whose input and output go over a stream. */
@NullMarked
package org.llmfactory.executor.stream;

import org.jspecify.annotations.NullMarked;
