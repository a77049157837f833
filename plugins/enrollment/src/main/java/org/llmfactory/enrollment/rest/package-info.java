/** Tokens and agents for those who operate the platform. */
@NullMarked
package org.llmfactory.enrollment.rest;

import org.jspecify.annotations.NullMarked;
