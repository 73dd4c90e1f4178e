package dev.agentauth.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Gives a test, beside {@code @SpringBootTest}, what it needs of the world around the service, as beans to be injected:
 *
 * <ul>
 *   <li>a {@link dev.agentauth.testkit.MovableClock}, which tells the library the time, and which begins at the real one;
 *   <li>a {@link dev.agentauth.testkit.FakeProvider}, the one agent provider that is trusted then, in the place of those that
 *       the properties name;
 *   <li>{@link ClaimMails}, where the mails with claim links go, in the place of the service's mailer.
 * </ul>
 *
 * <p>There are no rate limits, since a test's requests all come from one address. With {@code @AutoConfigureMockMvc}, MockMvc
 * reaches the endpoints of the protocol, also {@code /auth.md} and the claim page.
 *
 * <p>Tests that share a context share these beans: the clock goes on from where the last test has left it.
 *
 * @since 0.2.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureAgentAuth {}
