/** Requests that are measured: streams of tokens, closed loops of clients, adapters to load a server with. */
@NullMarked
package org.llmfactory.launcher.load;

import org.jspecify.annotations.NullMarked;
