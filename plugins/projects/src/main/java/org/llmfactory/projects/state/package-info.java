/** Who belongs to what, as one immutable value: pure data and the questions it answers. */
@NullMarked
package org.llmfactory.projects.state;

import org.jspecify.annotations.NullMarked;
