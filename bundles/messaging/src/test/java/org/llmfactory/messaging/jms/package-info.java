@NullMarked
package org.llmfactory.messaging.jms;

import org.jspecify.annotations.NullMarked;
