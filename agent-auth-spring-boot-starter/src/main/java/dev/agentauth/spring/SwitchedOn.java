package dev.agentauth.spring;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** What {@link AgentAuthProperties} will say: {@code off} is {@code false} there, too, which no text is compared with. */
abstract class SwitchedOn implements Condition {
    private final String property;

    SwitchedOn(String property) {
        this.property = property;
    }

    @Override
    public final boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment())
                .bind(property, Boolean.class)
                .orElse(true);
    }

    /** Whether there are limits. */
    static final class Limits extends SwitchedOn {
        Limits() {
            super("agent-auth.limits.enabled");
        }
    }

    /** Whether a data source is used. */
    static final class Jdbc extends SwitchedOn {
        Jdbc() {
            super("agent-auth.jdbc.enabled");
        }
    }
}
