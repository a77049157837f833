/** Which engine answers a request, where several serve its model. */
@NullMarked
package org.llmfactory.gateway.route;

import org.jspecify.annotations.NullMarked;
