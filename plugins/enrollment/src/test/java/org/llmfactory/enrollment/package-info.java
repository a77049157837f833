/** Networks of a controller half and agent halves in one process. */
@NullMarked
package org.llmfactory.enrollment;

import org.jspecify.annotations.NullMarked;
