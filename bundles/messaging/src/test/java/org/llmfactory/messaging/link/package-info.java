@NullMarked
package org.llmfactory.messaging.link;

import org.jspecify.annotations.NullMarked;
