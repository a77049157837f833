@NullMarked
package org.llmfactory.leadership.rest;

import org.jspecify.annotations.NullMarked;
