package org.llmfactory.policies.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of one direction, ready to look at texts. Immutable. */
final class RuleSet {
    private static final Comparator<Match> IN_ORDER = Comparator.comparingInt(Match::start)
            .thenComparing(match -> match.rule().action(), Comparator.reverseOrder());

    private final List<Rule> rules = new ArrayList<>();
    private final List<Finder> finders = new ArrayList<>();
    /** Finds whatever a pattern finds; asked before them, since mostly there is nothing. Null for less than two. */
    private final @Nullable PatternFinder anyPattern;

    /** What a rule found. */
    record Match(Rule rule, int start, int end) {}

    /**
     * Compiles rules.
     *
     * @throws IllegalArgumentException for a pattern that is wrong
     */
    RuleSet(List<Rule> all, Direction direction) {
        List<String> patterns = new ArrayList<>();
        for (Rule rule : all) {
            if (rule.on().covers(direction)) {
                rules.add(rule);
                finders.add(
                        rule.pattern().<Finder>map(PatternFinder::of).orElseGet(() -> new WordFinder(rule.words())));
                rule.pattern().ifPresent(patterns::add);
            }
        }
        this.anyPattern = patterns.size() < 2 ? null : PatternFinder.anyOf(patterns);
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    int size() {
        return rules.size();
    }

    /** What each rule finds first in a text, if anything. */
    List<Match> firstMatches(String text) {
        boolean patterns = anyPattern == null || anyPattern.find(text, 0) != null;
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (patterns || rules.get(i).pattern().isEmpty()) {
                match(i, text, 0).ifPresent(matches::add);
            }
        }
        matches.sort(IN_ORDER);
        return matches;
    }

    /**
     * Everything that begins in a part of a text; what a rule finds does not overlap with what it found before.
     *
     * @param from where the part begins
     * @param before where it ends
     * @param next for each rule, where it goes on looking: read and moved on
     */
    List<Match> matches(String text, int from, int before, int[] next) {
        Finder.Span any = anyPattern == null ? null : anyPattern.find(text, from);
        boolean patterns = anyPattern == null || (any != null && any.start() < before);
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            next[i] = Math.max(from, next[i]);
            boolean worthLooking = patterns || rules.get(i).pattern().isEmpty();
            while (worthLooking && next[i] < before) {
                Optional<Match> match = match(i, text, next[i]).filter(found -> found.start() < before);
                match.ifPresent(matches::add);
                next[i] = match.map(Match::end).orElse(before);
            }
        }
        matches.sort(IN_ORDER);
        return matches;
    }

    private Optional<Match> match(int index, String text, int from) {
        Finder.Span span = finders.get(index).find(text, from);
        return span == null ? Optional.empty() : Optional.of(new Match(rules.get(index), span.start(), span.end()));
    }
}
