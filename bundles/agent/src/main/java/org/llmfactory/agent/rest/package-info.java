/** Administration over HTTP. */
@NullMarked
package org.llmfactory.agent.rest;

import org.jspecify.annotations.NullMarked;
