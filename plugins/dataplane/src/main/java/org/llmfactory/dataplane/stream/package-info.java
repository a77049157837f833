/** Streams between two agents over a link that loses frames and may be hostile. */
@NullMarked
package org.llmfactory.dataplane.stream;

import org.jspecify.annotations.NullMarked;
