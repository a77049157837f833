package org.llmfactory.enrollment.join;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.agent.join.JoinAnswer;
import org.llmfactory.agent.join.JoinRequest;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.BodyTooLargeException;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.ServletErrors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Takes requests to join, from everyone: who may come in is proven by the request itself. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern(JoinRequest.PATH)
public final class JoinServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int AT_ONCE = 8;
    private static final long PATIENCE_SECONDS = 5;

    private final transient Admission admission;
    private final transient Attempts attempts = new Attempts(System::nanoTime);
    private final transient Semaphore places = new Semaphore(AT_ONCE);

    @Activate
    public JoinServlet(@Reference Admission admission) {
        this.admission = admission;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        try {
            if (!"POST".equals(request.getMethod())) {
                throw new FactoryException(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "Not allowed: " + request.getMethod() + " on " + JoinRequest.PATH + ". Agents join by POST.");
            }
            JoinAnswer answer = admit(read(request), request.getRemoteAddr());
            byte[] body = Json.write(answer);
            response.setStatus(HttpServletResponse.SC_OK);
            response.setContentType("application/json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        } catch (FactoryException failure) {
            ServletErrors.send(response, failure);
        } catch (BodyTooLargeException failure) {
            ServletErrors.send(response, failure.toFailure());
        }
    }

    private JoinAnswer admit(JoinRequest request, String from) {
        attempts.check(from);
        if (!place()) {
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED,
                    Duration.ofSeconds(PATIENCE_SECONDS),
                    "Too many agents join at once; try again shortly.");
        }
        try {
            return admission.admit(request, from);
        } catch (FactoryException refusal) {
            attempts.failed(from);
            throw refusal;
        } finally {
            places.release();
        }
    }

    private boolean place() {
        try {
            return places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static JoinRequest read(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(JoinRequest.MAXIMUM_BYTES + 1);
        if (body.length > JoinRequest.MAXIMUM_BYTES) {
            throw new BodyTooLargeException(JoinRequest.MAXIMUM_BYTES);
        }
        ObjectNode object = (ObjectNode) Json.read(
                new ByteArrayInputStream(body), TypeFactory.defaultInstance().constructType(ObjectNode.class));
        JsonFields fields = JsonFields.of(object);
        return new JoinRequest(
                fields.requiredString("token_id"),
                fields.requiredString("kind"),
                fields.requiredString("name"),
                fields.requiredString("csr"),
                fields.requiredString("nonce"),
                fields.longInteger("time", 0, Long.MAX_VALUE).orElseThrow(() -> fields.missing("time")),
                fields.requiredString("proof"));
    }
}
