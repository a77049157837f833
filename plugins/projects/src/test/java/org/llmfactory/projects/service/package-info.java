/** The services over a database in memory. */
@NullMarked
package org.llmfactory.projects.service;

import org.jspecify.annotations.NullMarked;
