/** Who is calling: the credentials of people and programs, and what they stand for. */
@NullMarked
package org.llmfactory.auth;

import org.jspecify.annotations.NullMarked;
