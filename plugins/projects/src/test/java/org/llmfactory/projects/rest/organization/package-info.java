/** The resources as plain objects. */
@NullMarked
package org.llmfactory.projects.rest.organization;

import org.jspecify.annotations.NullMarked;
