/** The controllers that vote, for administrators. */
@NullMarked
package org.llmfactory.leadership.rest;

import org.jspecify.annotations.NullMarked;
