@NullMarked
package org.llmfactory.leadership.store;

import org.jspecify.annotations.NullMarked;
