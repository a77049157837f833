package org.llmfactory.ledger.rest;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.project.Projects;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What people and projects are called; nothing while those who know are not there. */
@Component(service = Names.class)
public final class Names {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Directory directory;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Projects projects;

    Optional<String> email(String user) {
        Directory present = directory;
        return present == null ? Optional.empty() : present.user(user).map(User::email);
    }

    Optional<String> userByEmail(String email) {
        Directory present = directory;
        return present == null ? Optional.empty() : present.userByEmail(email).map(User::id);
    }

    Optional<String> project(String id) {
        Projects present = projects;
        return present == null ? Optional.empty() : present.name(id);
    }
}
