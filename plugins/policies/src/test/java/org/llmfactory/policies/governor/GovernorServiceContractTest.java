package org.llmfactory.policies.governor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.testing.GovernorContract;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;

final class GovernorServiceContractTest extends GovernorContract {
    @TempDir
    Path home;

    private GovernorFixture fixture;

    @BeforeEach
    void open() {
        fixture = new GovernorFixture(home);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Override
    protected Governor governor() {
        return fixture.governor;
    }

    @Override
    protected void forbid(String word) {
        String definition = "{\"rules\":[{\"name\":\"r\",\"words\":[\"" + word + "\"],\"action\":\"block\"}]}";
        fixture.store.create(Optional.empty(), "strict", definition, Actor.system());
        fixture.projects.put(
                GovernorFixture.settings(Optional.empty(), Map.of(), OptionalInt.empty(), Optional.of("strict")));
    }

    @Override
    protected List<Entry> entries() {
        List<AuditEvent> requests = fixture.ledger.events().stream()
                .filter(event -> event.type().equals("model.request"))
                .toList();
        return IntStream.range(0, requests.size())
                .mapToObj(i -> new Entry(
                        requests.get(i).resource().orElseThrow(),
                        fixture.ledger.usage().get(i).usage(),
                        outcome(requests.get(i))))
                .toList();
    }

    private static Outcome outcome(AuditEvent event) {
        return Outcome.valueOf(String.valueOf(event.details().get("outcome")).toUpperCase(Locale.ROOT));
    }
}
