package org.llmfactory.finetuning.work;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.TrainingData;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.rest.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the files of new jobs: are they there, and how many examples have they? What the rows say is the trainer's business. */
final class Validation {
    private static final Logger LOG = LoggerFactory.getLogger(Validation.class);

    private final JobStore jobs;
    private final ObjectStore store;

    Validation(JobStore jobs, ObjectStore store) {
        this.jobs = jobs;
        this.store = store;
    }

    /** Looks at all that is new. A job whose files cannot be read at present is looked at again later. */
    void run(FileCatalog files) {
        for (Job job : jobs.toValidate()) {
            try {
                FileInfo training = find(files, job, job.request().trainingFile(), "training_file");
                int examples = lines(training);
                if (examples == 0) {
                    throw FactoryException.ofParameter(
                            ErrorCode.INVALID_FILE, "training_file", "The training file is empty.");
                }
                job.facts().set(Facts.DATA, Json.MAPPER.valueToTree(data(training)));
                job.facts().put(Facts.EXAMPLES, examples);
                String validation = job.request().validationFile();
                if (validation != null) {
                    FileInfo file = find(files, job, validation, "validation_file");
                    job.facts().set(Facts.VALIDATION, Json.MAPPER.valueToTree(data(file)));
                }
                jobs.queue(job, Decisions.decide(job.request(), examples));
            } catch (FactoryException reason) {
                jobs.refuse(job, reason);
            } catch (IOException failure) {
                LOG.warn("The files of {} cannot be read at present", job.id(), failure);
            }
        }
    }

    private static FileInfo find(FileCatalog files, Job job, String id, String parameter) {
        return files.find(job.project(), id)
                .orElseThrow(() -> FactoryException.ofParameter(
                        ErrorCode.INVALID_FILE, parameter, "The file '" + id + "' is not there any more."));
    }

    private static TrainingData data(FileInfo file) {
        return new TrainingData(file.key(), file.filename(), file.digest());
    }

    /** Lines that are not blank. */
    private int lines(FileInfo file) throws IOException {
        Optional<InputStream> content = store.open(file.key(), 0);
        if (content.isEmpty()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_FILE, "training_file", "The content of '" + file.id() + "' is gone.");
        }
        int lines = 0;
        boolean blank = true;
        try (InputStream in = new BufferedInputStream(content.get())) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    lines += blank ? 0 : 1;
                    blank = true;
                } else if (next > ' ') {
                    blank = false;
                }
            }
        }
        return blank ? lines : lines + 1;
    }
}
