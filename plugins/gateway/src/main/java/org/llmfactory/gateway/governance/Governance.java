package org.llmfactory.gateway.governance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.ledger.Ledger;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The governor, the ledger and the store of chats, which come and go with their plugins. What needs one that is away is
 * refused: nothing is let in unchecked, and nothing is done without its entry.
 */
@Component(service = Governance.class)
public final class Governance {
    private volatile @Nullable Governor governor;
    private volatile @Nullable Ledger ledger;
    private volatile @Nullable ChatStore chats;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setGovernor(Governor present) {
        governor = present;
    }

    public void unsetGovernor(Governor gone) {
        if (gone.equals(governor)) {
            governor = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setLedger(Ledger present) {
        ledger = present;
    }

    public void unsetLedger(Ledger gone) {
        if (gone.equals(ledger)) {
            ledger = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setChats(ChatStore present) {
        chats = present;
    }

    public void unsetChats(ChatStore gone) {
        if (gone.equals(chats)) {
            chats = null;
        }
    }

    /**
     * Decides what is let in.
     *
     * @throws FactoryException {@code OVERLOADED} while there is none
     */
    public Governor governor() {
        return present(
                governor,
                "Nothing is let in at present, because nothing checks it: the policies plugin is not running.");
    }

    /**
     * Enters what is done.
     *
     * @throws FactoryException {@code OVERLOADED} while there is none
     */
    public Ledger ledger() {
        return present(
                ledger,
                "This cannot be entered in the audit log, so it is not done: the ledger plugin is not running.");
    }

    /**
     * Keeps chats.
     *
     * @throws FactoryException {@code OVERLOADED} while there is none
     */
    public ChatStore chats() {
        return present(
                chats,
                "Chats cannot be kept or read at present: the history plugin is not running. Leave 'store' out or try"
                        + " again later.");
    }

    private static <T> T present(@Nullable T service, String otherwise) {
        if (service == null) {
            throw FactoryException.retryLater(ErrorCode.OVERLOADED, Duration.ofSeconds(5), otherwise);
        }
        return service;
    }
}
