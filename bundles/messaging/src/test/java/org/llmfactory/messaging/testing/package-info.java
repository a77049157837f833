/** A network without brokers, and authorities that live for one test. */
@NullMarked
package org.llmfactory.messaging.testing;

import org.jspecify.annotations.NullMarked;
