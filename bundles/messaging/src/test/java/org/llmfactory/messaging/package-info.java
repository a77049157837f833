/** The bundle in a container. */
@NullMarked
package org.llmfactory.messaging;

import org.jspecify.annotations.NullMarked;
