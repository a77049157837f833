/**
 * The part of Jinja that chat templates are written in, with the Python semantics they rely on and bounds on what a
 * template may use up.
 */
@NullMarked
package org.llmfactory.models.text.jinja;

import org.jspecify.annotations.NullMarked;
