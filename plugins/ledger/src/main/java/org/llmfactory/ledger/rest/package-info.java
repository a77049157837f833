/** The audit log, usage and costs over HTTP, in OpenAI's shapes. */
@NullMarked
package org.llmfactory.ledger.rest;

import org.jspecify.annotations.NullMarked;
