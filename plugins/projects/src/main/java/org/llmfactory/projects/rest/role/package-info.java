/** The fixed roles over REST, and who has them. */
@NullMarked
package org.llmfactory.projects.rest.role;

import org.jspecify.annotations.NullMarked;
