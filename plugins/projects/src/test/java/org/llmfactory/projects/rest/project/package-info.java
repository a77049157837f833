/** The resources as plain objects. */
@NullMarked
package org.llmfactory.projects.rest.project;

import org.jspecify.annotations.NullMarked;
