package org.llmfactory.database.internal;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the migrations say of themselves: in detail only for those who look for it. Their failures are exceptions. Found by
 * its name.
 */
public final class FlywayLog implements LogCreator {
    /** Said of every database that is newer than the library; ours are tested with it. */
    private static final String NEWER = "newer than the version Flyway has been verified with";

    @Override
    public Log createLogger(Class<?> source) {
        return new Quiet(LoggerFactory.getLogger(source));
    }

    private record Quiet(Logger logger) implements Log {
        @Override
        public void debug(String message) {
            logger.trace("{}", message);
        }

        @Override
        public void info(String message) {
            logger.debug("{}", message);
        }

        @Override
        public void warn(String message) {
            if (message.contains(NEWER)) {
                logger.debug("{}", message);
            } else {
                logger.warn("{}", message);
            }
        }

        @Override
        public void error(String message) {
            logger.error("{}", message);
        }

        @Override
        public void error(String message, Exception failure) {
            logger.error("{}", message, failure);
        }

        @Override
        public void notice(String message) {
            logger.debug("{}", message);
        }
    }
}
