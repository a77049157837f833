package org.llmfactory.trainer.remote.wire;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.api.training.TrainingData;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.rest.Json;

/** A {@link TrainingOrder} as the first word of a stream. */
public record Order(
        int version,
        String job,
        String project,
        String baseModel,
        Stage stage,
        TrainingData data,
        @Nullable TrainingData validation,
        Hyperparameters hyperparameters,
        String place) {
    /** The order's bytes. */
    public static byte[] bytes(TrainingOrder order) {
        return Json.write(new Order(
                Protocol.VERSION,
                order.job(),
                order.project(),
                order.baseModel(),
                order.stage(),
                order.data(),
                order.validation().orElse(null),
                order.hyperparameters(),
                order.place()));
    }

    /**
     * Reads an order.
     *
     * @throws FactoryException {@code INVALID_REQUEST} when it is none, or of another version
     */
    public static TrainingOrder read(byte[] bytes) {
        try {
            Order order = Json.MAPPER.readValue(bytes, Order.class);
            if (order.version != Protocol.VERSION) {
                throw new FactoryException(
                        ErrorCode.INVALID_REQUEST,
                        "The controller speaks version " + order.version + " of training, this node " + Protocol.VERSION
                                + ".");
            }
            return new TrainingOrder(
                    order.job,
                    order.project,
                    order.baseModel,
                    order.stage,
                    order.data,
                    Optional.ofNullable(order.validation),
                    order.hyperparameters,
                    order.place);
        } catch (IOException | NullPointerException e) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The order is malformed.", e);
        }
    }
}
