/** The resources as plain objects. */
@NullMarked
package org.llmfactory.projects.rest.role;

import org.jspecify.annotations.NullMarked;
