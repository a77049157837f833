/** The fleet over HTTP, for those who operate the platform. */
@NullMarked
package org.llmfactory.fleet.rest;

import org.jspecify.annotations.NullMarked;
