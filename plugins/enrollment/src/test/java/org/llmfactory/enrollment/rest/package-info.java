/** The REST resources. */
@NullMarked
package org.llmfactory.enrollment.rest;

import org.jspecify.annotations.NullMarked;
