/** Files of projects, and the REST interface to them. */
@NullMarked
package org.llmfactory.files;

import org.jspecify.annotations.NullMarked;
