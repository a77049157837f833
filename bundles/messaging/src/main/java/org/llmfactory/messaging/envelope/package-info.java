/** Control messages: signed by whoever sends them, sealed for whoever they are for, taken once. */
@NullMarked
package org.llmfactory.messaging.envelope;

import org.jspecify.annotations.NullMarked;
