/** The half on nodes: generates for controllers, fetches the adapters for it, and shows what models are like. */
@NullMarked
package org.llmfactory.inference.remote.node;

import org.jspecify.annotations.NullMarked;
