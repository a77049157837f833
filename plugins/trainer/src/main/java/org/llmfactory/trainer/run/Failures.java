package org.llmfactory.trainer.run;

import java.io.IOException;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong, in the words and with the code that a listener hears. */
public final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** The failure of a job: the store's may pass, what nobody expected is in the log. */
    public static FactoryException of(String job, Exception cause) {
        if (cause instanceof FactoryException known) {
            return known;
        }
        if (cause instanceof IOException) {
            return new FactoryException(
                    ErrorCode.UNAVAILABLE, "the object store did not give or take what the run needs", cause);
        }
        LOG.warn("The run of {} failed", job, cause);
        return new FactoryException(ErrorCode.INTERNAL, "the trainer failed; its log says why", cause);
    }

    /** The trainer is going away; another one can go on. */
    public static FactoryException stopping() {
        return new FactoryException(ErrorCode.UNAVAILABLE, "the trainer is stopping");
    }
}
