package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.internal.wire.Answers;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;

/** {@code POST /agent/identity}: registers, in one of several ways. */
public final class RegisterEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;
    private final Answers answers;

    public RegisterEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers, Answers answers) {
        this.auth = auth;
        this.callers = callers;
        this.answers = answers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, Requests.Register::spelling, (body, spelling) -> {
            Requests.Register register = Requests.Register.read(body);
            return JsonSurface.IDENTITY.written(
                    answers.registered(register(register, callers.apply(request)), spelling));
        });
    }

    private Registered register(Requests.Register register, Caller caller) {
        if (register instanceof Requests.Register.ByIdJag byIdJag) {
            return auth.registerWithIdJag(caller, byIdJag.idJag().reveal());
        } else if (register instanceof Requests.Register.ByEmail byEmail) {
            return auth.registerWithEmail(caller, byEmail.address().reveal());
        } else if (register instanceof Requests.Register.ByRefreshToken byRefreshToken) {
            return auth.refresh(caller, byRefreshToken.token().reveal());
        }
        return register instanceof Requests.Register.ByWhoeverSignsIn
                ? auth.registerForWhoeverSignsIn(caller)
                : auth.registerAnonymous(caller);
    }
}
