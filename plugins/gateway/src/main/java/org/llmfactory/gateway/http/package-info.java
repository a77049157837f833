/** What all requests and responses of the gateway's applications have in common. */
@NullMarked
package org.llmfactory.gateway.http;

import org.jspecify.annotations.NullMarked;
