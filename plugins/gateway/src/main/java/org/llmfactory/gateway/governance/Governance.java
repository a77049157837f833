package org.llmfactory.gateway.governance;

import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.rest.OptionalService;
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
    private final OptionalService<Governor> governor = new OptionalService<>();
    private final OptionalService<Ledger> ledger = new OptionalService<>();
    private final OptionalService<ChatStore> chats = new OptionalService<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setGovernor(Governor present) {
        governor.bind(present);
    }

    public void unsetGovernor(Governor gone) {
        governor.unbind(gone);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setLedger(Ledger present) {
        ledger.bind(present);
    }

    public void unsetLedger(Ledger gone) {
        ledger.unbind(gone);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setChats(ChatStore present) {
        chats.bind(present);
    }

    public void unsetChats(ChatStore gone) {
        chats.unbind(gone);
    }

    /**
     * Decides what is let in.
     *
     * @throws FactoryException {@code OVERLOADED} while there is none
     */
    public Governor governor() {
        return governor.require(
                "Nothing is let in at present, because nothing checks it: the policies plugin is not running.");
    }

    /**
     * Enters what is done.
     *
     * @throws FactoryException {@code OVERLOADED} while there is none
     */
    public Ledger ledger() {
        return ledger.require(
                "This cannot be entered in the audit log, so it is not done: the ledger plugin is not running.");
    }

    /**
     * Keeps chats.
     *
     * @throws FactoryException {@code OVERLOADED} while there is none
     */
    public ChatStore chats() {
        return chats.require(
                "Chats cannot be kept or read at present: the history plugin is not running. Leave 'store' out or try"
                        + " again later.");
    }
}
