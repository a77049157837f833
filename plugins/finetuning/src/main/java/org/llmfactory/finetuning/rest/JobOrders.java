package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.access.Reach;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.rest.Callers;

/** Orders of jobs: of models that the caller may use, and of files that are there. */
record JobOrders(FineTuning tuning) {
    private static final String PURPOSE = "fine-tune";

    JobRequest read(SecurityContext security, ObjectNode body) {
        Caller caller = Callers.of(security);
        JobRequest request = JobRequestReader.read(body, caller, model -> base(caller, model));
        checkFile(caller, "training_file", request.trainingFile());
        if (request.validationFile() != null) {
            checkFile(caller, "validation_file", request.validationFile());
        }
        return request;
    }

    private ModelInfo base(Caller caller, String id) {
        return find(caller, id).orElseThrow(() -> Resource.unknown(Resource.Kind.MODEL, id));
    }

    /** A base model that the caller may use. */
    Optional<ModelInfo> find(Caller caller, String id) {
        Reach reach = new Reach(caller, tuning.projects().settings(caller.project()));
        return tuning.models().stream()
                .filter(model -> model.tenant().map(caller.project()::equals).orElse(true))
                .map(Model::info)
                .filter(model -> model.id().equals(id) && reach.includes(Action.GENERATE, model))
                .findFirst();
    }

    /**
     * The files.
     *
     * @throws FactoryException {@code OVERLOADED} while they are away
     */
    FileCatalog files() {
        return tuning.files()
                .orElseThrow(() -> new FactoryException(ErrorCode.OVERLOADED, "The files are away at present."));
    }

    private void checkFile(Caller caller, String field, String id) {
        FileCatalog files = files();
        Optional<FileInfo> file = files.find(caller.project(), id);
        if (file.isEmpty()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, field, "Invalid '" + field + "': there is no file '" + id + "'.");
        }
        if (!file.get().purpose().equals(PURPOSE)) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    field,
                    "Invalid '" + field + "': the file's purpose is not '" + PURPOSE + "'.");
        }
    }
}
