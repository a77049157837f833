@NullMarked
package org.llmfactory.broker;

import org.jspecify.annotations.NullMarked;
