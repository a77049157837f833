/** One step of a model: what the engine asks for, and the network that computes it. */
@NullMarked
package org.llmfactory.inference.runner;

import org.jspecify.annotations.NullMarked;
