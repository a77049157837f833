package org.llmfactory.api.adapter;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What OpenAI's clients call the adapter of a training job: {@code ft:<base>:<organization>:<suffix>:<id>}, and {@code
 * …:ckpt-step-<n>} for one of its checkpoints. In the registry it is named {@code <suffix>-<id>} and {@code
 * <suffix>-<id>-ckpt-step-<n>}, with {@code ft} for an empty suffix. Each of the two names follows from the other and the base.
 *
 * @param base id of the base model
 * @param suffix lower-case letters, digits, {@code . _ -}, at most {@link #MAXIMUM_SUFFIX}; empty for none
 * @param id of the job, without its prefix: 16 lower-case hexadecimal digits
 * @param step of the checkpoint; empty for the job's result
 */
public record FineTunedName(String base, String suffix, String id, OptionalInt step) {
    /** The platform's own organization. */
    public static final String ORGANIZATION = "org-llmfactory";

    /** Characters that a suffix may have, so that all of its names are names of adapters. */
    public static final int MAXIMUM_SUFFIX = 29;

    private static final String NO_SUFFIX = "ft";
    private static final Pattern REFERENCE = Pattern.compile(
            "ft:(.+):" + ORGANIZATION + ":([a-z0-9._-]{0,29}):([0-9a-f]{16})(?::ckpt-step-(\\d{1,7}))?");
    private static final Pattern NAME = Pattern.compile("([a-z0-9._-]{1,29})-([0-9a-f]{16})(?:-ckpt-step-(\\d{1,7}))?");

    public FineTunedName {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(suffix, "suffix");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(step, "step");
    }

    /** Reads what a request says; empty for what is no such name. */
    public static Optional<FineTunedName> parse(String reference) {
        Matcher matcher = REFERENCE.matcher(reference);
        return matcher.matches() && !matcher.group(2).equals(NO_SUFFIX)
                ? Optional.of(new FineTunedName(matcher.group(1), matcher.group(2), matcher.group(3), step(matcher)))
                : Optional.empty();
    }

    /** The name of a registered adapter; empty for one whose name is of another form. */
    public static Optional<FineTunedName> of(AdapterInfo adapter) {
        Matcher matcher = NAME.matcher(adapter.name());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String suffix = matcher.group(1).equals(NO_SUFFIX) ? "" : matcher.group(1);
        return Optional.of(new FineTunedName(adapter.baseModel(), suffix, matcher.group(2), step(matcher)));
    }

    /** The name of a checkpoint of this job. */
    public FineTunedName atStep(int number) {
        return new FineTunedName(base, suffix, id, OptionalInt.of(number));
    }

    /** The name in the registry. */
    public String adapterName() {
        String checkpoint = step.isPresent() ? "-ckpt-step-" + step.getAsInt() : "";
        return (suffix.isEmpty() ? NO_SUFFIX : suffix) + "-" + id + checkpoint;
    }

    /** The name on the wire. */
    public String reference() {
        String checkpoint = step.isPresent() ? ":ckpt-step-" + step.getAsInt() : "";
        return "ft:" + base + ":" + ORGANIZATION + ":" + suffix + ":" + id + checkpoint;
    }

    private static OptionalInt step(Matcher matcher) {
        String digits = matcher.group(matcher.groupCount());
        return digits == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(digits));
    }
}
