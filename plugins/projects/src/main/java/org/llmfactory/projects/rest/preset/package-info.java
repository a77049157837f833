/** Presets over REST. */
@NullMarked
package org.llmfactory.projects.rest.preset;

import org.jspecify.annotations.NullMarked;
