/** Fakes of the project contracts. */
@NullMarked
package org.llmfactory.api.project.testing;

import org.jspecify.annotations.NullMarked;
