/** Streams, files and tunnels between agents. */
@NullMarked
package org.llmfactory.dataplane;

import org.jspecify.annotations.NullMarked;
