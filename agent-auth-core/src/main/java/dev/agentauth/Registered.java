package dev.agentauth;

import dev.agentauth.registration.RegistrationKind;
import java.util.List;

/**
 * What comes of registering.
 *
 * @since 0.2.0
 */
public sealed interface Registered {

    /**
     * The registration.
     *
     * @return {@code reg_…}
     */
    String registrationId();

    /**
     * An anonymous agent, which may do a little at once and more once somebody owns it.
     *
     * @param registrationId {@code reg_…}
     * @param assertion exchangeable at once
     * @param preClaimScopes what it may do now
     * @param postClaimScopes what it may do once claimed
     * @param claim for having it claimed
     */
    record Anonymous(
            String registrationId,
            IssuedAssertion assertion,
            List<String> preClaimScopes,
            List<String> postClaimScopes,
            ClaimHandle claim)
            implements Registered {}

    /**
     * An agent that named its person's address; the mail is on its way.
     *
     * @param registrationId {@code reg_…}
     * @param postClaimScopes what it may do once claimed
     * @param claim for completing the claim
     * @param attempt how the person is asked
     */
    record Email(String registrationId, List<String> postClaimScopes, ClaimHandle claim, AttemptHandle attempt)
            implements Registered {}

    /**
     * An agent whose provider's word was enough.
     *
     * @param registrationId {@code reg_…}, the same at every presentation for one provider identity
     * @param assertion exchangeable at once
     * @param scopes what this assertion can be exchanged for
     */
    record Provider(String registrationId, IssuedAssertion assertion, List<String> scopes) implements Registered {}

    /**
     * An agent whose person has said yes before, and that came back with a refresh token.
     *
     * @param registrationId {@code reg_…}
     * @param kind how it came to be
     * @param assertion exchangeable at once
     * @param scopes what this assertion can be exchanged for
     * @param refreshToken in the place of the one that was shown
     */
    record Refreshed(
            String registrationId,
            RegistrationKind kind,
            IssuedAssertion assertion,
            List<String> scopes,
            IssuedRefreshToken refreshToken)
            implements Registered {}

    /**
     * An agent whose provider vouched for an existing user who must confirm; the mail is on its way. On the wire this is
     * the refusal of {@link Problem#CONFIRMATION_NEEDED}.
     *
     * @param registrationId {@code reg_…}
     * @param postClaimScopes what it may do once confirmed
     * @param claim for completing the claim
     * @param attempt how the person is asked
     */
    record StepUp(String registrationId, List<String> postClaimScopes, ClaimHandle claim, AttemptHandle attempt)
            implements Registered {}
}
