/** Content policies over HTTP. */
@NullMarked
package org.llmfactory.policies.rest;

import org.jspecify.annotations.NullMarked;
