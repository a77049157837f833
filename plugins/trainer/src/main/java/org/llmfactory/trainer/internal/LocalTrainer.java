package org.llmfactory.trainer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingData;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Torch;
import org.llmfactory.trainer.compute.TrainingProgram;
import org.llmfactory.trainer.data.Examples;
import org.llmfactory.trainer.data.StoredExamples;
import org.llmfactory.trainer.run.BaseTrainer;
import org.llmfactory.trainer.run.Failures;
import org.llmfactory.trainer.run.Ticket;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Trains on the base models of this agent. */
@Component(
        service = {Trainer.class, Drainable.class},
        configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class LocalTrainer implements Trainer, Drainable {
    private final Torch torch;
    private final StoredExamples examples;
    private final Config config;
    private final ExecutorService readers =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "trainer-reader"));
    private final Map<String, BaseTrainer> bases = new HashMap<>();
    private final Set<Ticket> active = new HashSet<>();
    private boolean draining;
    private boolean stopped;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<LocalModel> models = List.of();

    @Activate
    public LocalTrainer(@Reference Torch torch, Config config) {
        this.torch = torch;
        this.examples = new StoredExamples(config.maxDatasetTokens());
        this.config = config;
        weightType();
    }

    LocalTrainer(Torch torch, Config config, List<LocalModel> models) {
        this(torch, config);
        this.models = List.copyOf(models);
    }

    @Override
    public Set<String> models() {
        return models.stream()
                .map(LocalModel::info)
                .filter(this::trains)
                .map(ModelInfo::digest)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean trains(ModelInfo base) {
        Set<String> served = Set.of(config.models());
        return (served.contains("*") || served.contains(base.id())) && TrainingProgram.supports(base.family());
    }

    @Override
    public int capacity() {
        return config.maxRuns();
    }

    @Override
    public TrainingRun start(TrainingOrder order, ObjectStore store, TrainingListener listener) {
        LocalModel model = models.stream()
                .filter(one -> one.info().id().equals(order.baseModel()) && trains(one.info()))
                .findFirst()
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.MODEL_NOT_FOUND, "adapters for " + order.baseModel() + " are not trained here"));
        if (order.hyperparameters().lora().weightDecomposed()) {
            throw new FactoryException(ErrorCode.UNSUPPORTED_PARAMETER, "DoRA is not trained yet");
        }
        Ticket ticket;
        synchronized (this) {
            if (draining || active.size() >= config.maxRuns()) {
                throw new FactoryException(
                        ErrorCode.OVERLOADED, "the trainer takes no more than " + config.maxRuns() + " runs now");
            }
            ticket = new Ticket(order, store, listener, this::leave);
            active.add(ticket);
        }
        readers.execute(() -> prepare(ticket, model));
        return ticket;
    }

    private void prepare(Ticket ticket, LocalModel model) {
        try {
            if (ticket.isHalted()) {
                ticket.ended(TrainingEnd.HALTED);
                return;
            }
            TrainingOrder order = ticket.order();
            int maxLength =
                    Math.min(order.hyperparameters().maxLength(), model.info().contextLength());
            Examples training = read("training_file", ticket, order.data(), model.text(), maxLength);
            Examples validation = order.validation().isPresent()
                    ? read("validation_file", ticket, order.validation().get(), model.text(), maxLength)
                    : new Examples(List.of(), 0);
            base(model).begin(ticket, training.all(), validation.all(), training.cut());
        } catch (IOException | RuntimeException e) {
            ticket.failed(Failures.of(ticket.order().job(), e));
        }
    }

    private Examples read(String parameter, Ticket ticket, TrainingData data, TextCodec text, int maxLength)
            throws IOException {
        try {
            return examples.read(ticket.store(), ticket.order().stage(), data, text, maxLength);
        } catch (FactoryException e) {
            throw FactoryException.ofParameter(e.code(), parameter, Objects.requireNonNull(e.getMessage()));
        }
    }

    private synchronized BaseTrainer base(LocalModel model) {
        if (stopped) {
            throw Failures.stopping();
        }
        return bases.computeIfAbsent(
                model.info().digest(),
                digest -> new BaseTrainer(
                        model.info().id(),
                        () -> load(model),
                        config.maxTokensAtOnce(),
                        Duration.ofSeconds(config.idleSeconds())));
    }

    private TrainingProgram load(LocalModel model) {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(model.location())) {
            return TrainingProgram.load(torch, decoder, weightType(), config.recomputeActivations());
        }
    }

    private DType weightType() {
        return switch (config.weightType()) {
            case "auto" -> torch.isFast(DType.BFLOAT16) ? DType.BFLOAT16 : DType.FLOAT32;
            case "float32", "bfloat16" -> DType.valueOf(config.weightType().toUpperCase(Locale.ROOT));
            default ->
                throw new IllegalArgumentException(
                        "weightType must be auto, float32 or bfloat16, not " + config.weightType());
        };
    }

    private synchronized void leave(Ticket ticket) {
        active.remove(ticket);
        notifyAll();
    }

    /** Halts every run; each leaves its state. */
    @Override
    public synchronized boolean drain(Duration deadline) throws InterruptedException {
        draining = true;
        active.forEach(Ticket::halt);
        long end = System.nanoTime() + deadline.toNanos();
        long left = deadline.toMillis();
        while (!active.isEmpty() && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        return active.isEmpty();
    }

    @Override
    public synchronized void resume() {
        draining = false;
    }

    @Deactivate
    void deactivate() {
        List<BaseTrainer> all;
        synchronized (this) {
            draining = true;
            stopped = true;
            all = List.copyOf(bases.values());
        }
        readers.shutdownNow();
        all.forEach(BaseTrainer::close);
        List<Ticket> left;
        synchronized (this) {
            left = List.copyOf(active);
        }
        // Orders whose data nobody will read any more.
        left.forEach(ticket -> ticket.failed(Failures.stopping()));
    }
}
