/** The broker of a controller: what runs it, from configuration to service. */
@NullMarked
package org.llmfactory.broker;

import org.jspecify.annotations.NullMarked;
