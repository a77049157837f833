package org.llmfactory.api.governance.testing;

import java.util.List;
import org.llmfactory.api.governance.Governor;

final class RecordingGovernorTest extends GovernorContract {
    private final RecordingGovernor governor = new RecordingGovernor();

    @Override
    protected Governor governor() {
        return governor;
    }

    @Override
    protected void forbid(String word) {
        governor.forbid(word);
    }

    @Override
    protected List<Entry> entries() {
        return governor.settled().stream()
                .map(each -> new Entry(each.work().id(), each.usage(), each.outcome()))
                .toList();
    }
}
