/** What the REST endpoints of people, projects and presets have in common. */
@NullMarked
package org.llmfactory.projects.rest;

import org.jspecify.annotations.NullMarked;
