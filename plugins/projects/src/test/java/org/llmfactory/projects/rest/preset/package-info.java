/** The resources as plain objects. */
@NullMarked
package org.llmfactory.projects.rest.preset;

import org.jspecify.annotations.NullMarked;
