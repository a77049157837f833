/** The services the plugin offers. */
@NullMarked
package org.llmfactory.projects.service;

import org.jspecify.annotations.NullMarked;
