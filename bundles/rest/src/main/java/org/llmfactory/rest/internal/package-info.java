/** The servlet side: request ids, authentication, body limits, base paths. */
@NullMarked
package org.llmfactory.rest.internal;

import org.jspecify.annotations.NullMarked;
