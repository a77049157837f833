@NullMarked
package org.llmfactory.leadership.election;

import org.jspecify.annotations.NullMarked;
