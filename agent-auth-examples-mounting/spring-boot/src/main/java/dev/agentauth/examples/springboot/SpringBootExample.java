package dev.agentauth.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service on port 8080. */
@SpringBootApplication(proxyBeanMethods = false)
public class SpringBootExample {

    /** Starts it; arguments are Spring's, for example {@code --server.port=8081}. */
    public static void main(String[] args) {
        SpringApplication.run(SpringBootExample.class, args);
    }
}
