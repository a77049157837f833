/** What models are like: told by the nodes that have them, fetched by the controllers that have not. */
@NullMarked
package org.llmfactory.inference.remote.model;

import org.jspecify.annotations.NullMarked;
