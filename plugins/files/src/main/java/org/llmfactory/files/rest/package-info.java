/** The REST interface of files and uploads. */
@NullMarked
package org.llmfactory.files.rest;

import org.jspecify.annotations.NullMarked;
