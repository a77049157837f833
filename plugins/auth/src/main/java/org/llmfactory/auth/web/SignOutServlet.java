package org.llmfactory.auth.web;

import java.io.IOException;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Ends the session of a browser. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/auth/sign-out")
public final class SignOutServlet extends AuthServlet {
    private static final long serialVersionUID = 1L;

    private final transient SignIns signIns;
    private final transient WebSettings settings;

    @Activate
    public SignOutServlet(@Reference SignIns signIns, @Reference WebSettings settings) {
        this.signIns = signIns;
        this.settings = settings;
    }

    @Override
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        settings.checkOwnPage(request);
        signIns.end(request, response);
        if (Submission.isForm(request)) {
            seeOther(response, "/auth/sign-in");
        } else {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }
}
