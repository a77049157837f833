/** The resources as plain objects over a database in memory. */
@NullMarked
package org.llmfactory.projects.rest;

import org.jspecify.annotations.NullMarked;
