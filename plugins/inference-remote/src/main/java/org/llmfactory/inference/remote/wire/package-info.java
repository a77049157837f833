/** What controller and node say to each other over a stream, in bytes. */
@NullMarked
package org.llmfactory.inference.remote.wire;

import org.jspecify.annotations.NullMarked;
