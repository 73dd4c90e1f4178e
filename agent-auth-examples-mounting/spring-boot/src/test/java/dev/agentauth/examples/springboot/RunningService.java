package dev.agentauth.examples.springboot;

import dev.agentauth.examples.walk.Client;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** The example on a free port, with its mail kept. */
final class RunningService implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private RunningService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Keeps what would be mailed. */
    @Configuration(proxyBeanMethods = false)
    static class KeptMail {
        private final Deque<ClaimMail> mails = new ConcurrentLinkedDeque<>();

        @Bean
        @Primary
        ClaimMailer keptMail() {
            return mails::add;
        }
    }

    /** Starts it with properties, each {@code name=value}. */
    static RunningService start(String... properties) {
        return start(KeptMail.class, properties);
    }

    /** Starts it with further beans. */
    static RunningService start(Class<?> more, String... properties) {
        SpringApplication application = new SpringApplication(SpringBootExample.class, more);
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=localhost",
                "--spring.main.banner-mode=off",
                "--logging.level.root=ERROR"));
        Arrays.stream(properties).map(property -> "--" + property).forEach(arguments::add);
        return new RunningService(application.run(arguments.toArray(String[]::new)));
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** A client that takes this origin for the service's. */
    Client client(String origin) {
        return Client.of(origin, port());
    }

    String newestLink() {
        return context.getBean(KeptMail.class).mails.getLast().link();
    }

    @Override
    public void close() {
        context.close();
    }
}
