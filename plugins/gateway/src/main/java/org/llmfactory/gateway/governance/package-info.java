/** The services that decide about requests and keep what they did. */
@NullMarked
package org.llmfactory.gateway.governance;

import org.jspecify.annotations.NullMarked;
