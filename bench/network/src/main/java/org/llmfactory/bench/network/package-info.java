/** Measures the network from inside two agents: a plugin that is deployed for a measurement, and in no feature. */
@NullMarked
package org.llmfactory.bench.network;

import org.jspecify.annotations.NullMarked;
