/** The organization over REST: people, invitations, groups and administrators' keys. */
@NullMarked
package org.llmfactory.projects.rest.organization;

import org.jspecify.annotations.NullMarked;
