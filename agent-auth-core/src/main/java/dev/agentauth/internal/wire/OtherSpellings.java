package dev.agentauth.internal.wire;

import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.wire.AuthMd.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table at the end of {@code /auth.md}: what other versions call what it teaches. */
final class OtherSpellings {
    private static final String NO_STATUS = "";

    private final Settings settings;
    private final Page page;

    OtherSpellings(Settings settings, Page page) {
        this.settings = settings;
        this.page = page;
    }

    void write() {
        page.text("""

                ---

                The same endpoints speak every version of the protocol, 0.2 to 0.7 and production's. Other spellings of what is above,
                for whoever speaks one already: requests, members of answers, and values of `error`.

                | other spelling | status | here |
                |---|---|---|
                """);
        requests();
        members();
        Errors.toldOtherwise(settings.features())
                .forEach(told -> row(
                        Markdown.code(told.error()),
                        Integer.toString(told.errorStatus()),
                        Markdown.code(told.name()) + ": " + told.text()));
    }

    private void requests() {
        if (on(Feature.EMAIL)) {
            request(
                    new Requests.Register.ByEmail(Samples.ADDRESS, false).members(),
                    "`service_auth` with a `login_hint` (step 3)");
        }
        if (on(Feature.ANONYMOUS)) {
            request(
                    new Requests.Start(Samples.CLAIM.token(), Optional.of(Samples.ADDRESS)).members(Spelling.BASE),
                    "having the person asked (step 4)");
        }
        if (on(Feature.CLAIM)) {
            request(
                    new Requests.Complete(Samples.CLAIM.token(), Samples.CODE, false).members(),
                    "bringing the code (step 4)" + (on(Feature.ANONYMOUS) ? otpKeeps() : ""));
        }
        if (on(Feature.ANONYMOUS) && on(Feature.ID_JAG)) {
            request(
                    new Requests.ClaimByIdJag(Samples.CLAIM.token(), Samples.ID_JAG).members(),
                    "to the `claim_endpoint`: your platform's word in the place of the person's. It claims an anonymous"
                            + " registration at once, with a new assertion; or it is answered like having the person asked, where"
                            + " the person has to confirm it");
        }
        if (on(Feature.TYPED_CODE)) {
            row(
                    Markdown.cell(List.of(Page.form(
                            new Requests.Token.Collect(Samples.CLAIM.token(), null, List.of()).parameters()))),
                    NO_STATUS,
                    "the other way round (step 4): instead of asking for a code, show "
                            + Answers.typedAt(settings.features())
                            + " with its `verification_uri` to the person, who types it there. Send this form to the"
                            + " `token_endpoint` every `interval` seconds, and wait 5 seconds longer after each `slow_down`,"
                            + " until it is no longer `authorization_pending`; then the answer is that of step 5, with"
                            + " `identity_assertion` beside it");
        }
    }

    private String otpKeeps() {
        return settings.anonymousClaim() == AnonymousClaim.WIDEN
                ? "; but an anonymous registration gets no new assertion: what it holds simply may do more from then on"
                : "; an anonymous registration gets a new `identity_assertion` as well";
    }

    private void members() {
        Answers.otherNames(settings.features())
                .forEach((other, name) ->
                        row(Markdown.cell(List.of(other.split(", "))), NO_STATUS, Markdown.code(name)));
    }

    private void request(Map<String, Object> members, String meaning) {
        row(Markdown.cell(List.of(Page.oneLine(members))), NO_STATUS, meaning);
    }

    private void row(String spelling, String status, String meaning) {
        page.text("| %s | %s | %s |\n", spelling, status, meaning);
    }

    private boolean on(Feature feature) {
        return settings.features().has(feature);
    }
}
