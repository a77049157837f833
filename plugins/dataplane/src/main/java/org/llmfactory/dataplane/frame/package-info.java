/** The frames of a stream: their layout, their keys, and how they are sealed. */
@NullMarked
package org.llmfactory.dataplane.frame;

import org.jspecify.annotations.NullMarked;
