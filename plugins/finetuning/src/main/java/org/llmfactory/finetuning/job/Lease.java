package org.llmfactory.finetuning.job;

/**
 * The right to work on a job, until it lapses or the job is cancelled.
 *
 * @param epoch how often the job had been taken, this time included: a former holder has a lower one
 */
public record Lease(String job, String holder, long epoch) {
    /** Says that what was to be written was not, because somebody else has the job, or nobody any more. */
    public static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost(Lease lease) {
            super("the lease " + lease.epoch + " of " + lease.job + " is over");
        }
    }
}
