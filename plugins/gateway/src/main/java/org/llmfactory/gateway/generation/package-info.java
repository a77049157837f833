/** From text to tokens and back: runs the sequences of one request and assembles their text. */
@NullMarked
package org.llmfactory.gateway.generation;

import org.jspecify.annotations.NullMarked;
