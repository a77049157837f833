/** Which model a request means: engines, text codecs and adapters, found as they come and go. */
@NullMarked
package org.llmfactory.gateway.model;

import org.jspecify.annotations.NullMarked;
