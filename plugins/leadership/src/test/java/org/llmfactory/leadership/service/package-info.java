@NullMarked
package org.llmfactory.leadership.service;

import org.jspecify.annotations.NullMarked;
