@NullMarked
package org.llmfactory.broker.bridge;

import org.jspecify.annotations.NullMarked;
