package org.llmfactory.deployer.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.description.Description;
import org.llmfactory.deployer.description.DescriptionReader;
import org.llmfactory.deployer.plan.Goal;
import org.llmfactory.deployer.plan.Goal.Phase;
import org.llmfactory.deployer.plan.World;
import org.llmfactory.deployer.state.Deployment;
import org.llmfactory.deployer.state.DeploymentStore;
import org.llmfactory.deployer.state.DeploymentStore.Everything;
import org.llmfactory.deployer.state.Instance;
import org.llmfactory.deployer.state.Revision;
import org.llmfactory.rest.Json;

/** Brings together what the tables and the agents say. Safe for use by several threads. */
public final class Worlds {
    private final DeploymentStore store;
    private final Presences presences;

    public Worlds(DeploymentStore store, Presences presences) {
        this.store = store;
        this.presences = presences;
    }

    /** The world as it is. */
    World now() {
        Everything everything = store.everything();
        return of(goals(everything), everything.instances());
    }

    /** What is at one moment, together with the tables it comes from. */
    public record View(Everything everything, World world) {}

    public View view() {
        Everything everything = store.everything();
        return new View(everything, of(goals(everything), everything.instances()));
    }

    /** The world as it would be with another goal, or with one in the place of that of the same deployment. */
    public World with(Goal goal) {
        Everything everything = store.everything();
        List<Goal> goals = goals(everything);
        goals.removeIf(present -> present.deployment().equals(goal.deployment()));
        goals.add(goal);
        return of(goals, everything.instances());
    }

    private World of(List<Goal> goals, List<Instance> instances) {
        Set<AgentAddress> expected = instances.stream().map(Instance::agent).collect(Collectors.toSet());
        return World.of(goals, presences.agents(expected), instances);
    }

    private static List<Goal> goals(Everything everything) {
        List<Goal> goals = new ArrayList<>();
        for (Deployment deployment : everything.deployments()) {
            Revision revision = everything.revisions().get(deployment.name());
            if (revision != null) {
                goals.add(goal(deployment, revision));
            }
        }
        return goals;
    }

    private static Goal goal(Deployment deployment, Revision revision) {
        Phase phase = deployment.removed()
                ? Phase.REMOVING
                : switch (revision.outcome()) {
                    case ROLLING, SUPERSEDED -> Phase.ROLLING;
                    case DEPLOYED -> Phase.STEADY;
                    case FAILED -> Phase.HALTED;
                };
        return Goal.of(description(revision), revision.pins(), revision.number(), phase);
    }

    /** A revision's description. */
    public static Description description(Revision revision) {
        try {
            return DescriptionReader.description(Json.MAPPER.readTree(revision.document()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(revision.deployment() + " has a description that is no JSON", e);
        }
    }
}
