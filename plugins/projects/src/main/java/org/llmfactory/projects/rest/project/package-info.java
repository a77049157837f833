/** Projects over REST: people, service accounts, keys, limits, budgets and settings. */
@NullMarked
package org.llmfactory.projects.rest.project;

import org.jspecify.annotations.NullMarked;
