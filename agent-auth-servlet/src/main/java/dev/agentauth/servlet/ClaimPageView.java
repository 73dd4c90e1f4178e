package dev.agentauth.servlet;

import dev.agentauth.ClaimView;
import dev.agentauth.Secret;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a claim page has to say, and what the person who reads it can do. One variant for each kind of page.
 *
 * @since 0.2.0
 */
public sealed interface ClaimPageView {

    /**
     * What all pages have in common.
     *
     * @return the same for every page of one request
     */
    Setting setting();

    /**
     * Around a page.
     *
     * @param language the one of {@link ClaimPageRenderer#languages} that the person reads best
     * @param serviceName {@link dev.agentauth.AgentAuthBuilder#serviceName}
     * @param now the time
     * @param assets the URL of each of {@link ClaimPageRenderer#assets} by its name
     * @param account who is signed in; empty where nobody is, or need be. A page has to show it, with the way to change it
     * @param manageUrl where people see which agents act for them, and end that; empty if the service has said nothing
     * @param scopeTexts what scopes allow, in plain words of that language, by scope; see {@link
     *     dev.agentauth.AgentAuthBuilder#scopeTexts}
     */
    record Setting(
            Locale language,
            String serviceName,
            Instant now,
            Map<String, String> assets,
            Optional<Account> account,
            Optional<String> manageUrl,
            Map<String, String> scopeTexts) {

        /** Copies the maps. */
        public Setting {
            assets = Map.copyOf(assets);
            Objects.requireNonNull(account);
            Objects.requireNonNull(manageUrl);
            scopeTexts = Map.copyOf(scopeTexts);
        }

        /**
         * Before anybody is known to be signed in.
         *
         * @param language the one of {@link ClaimPageRenderer#languages} that the person reads best
         * @param serviceName {@link dev.agentauth.AgentAuthBuilder#serviceName}
         * @param now the time
         * @param assets the URL of each of {@link ClaimPageRenderer#assets} by its name
         */
        public Setting(Locale language, String serviceName, Instant now, Map<String, String> assets) {
            this(language, serviceName, now, assets, Optional.empty(), Optional.empty(), Map.of());
        }

        /**
         * The same for somebody.
         *
         * @param somebody who is signed in, if anybody is
         * @return with that account
         */
        public Setting with(Optional<Account> somebody) {
            return new Setting(language, serviceName, now, assets, somebody, manageUrl, scopeTexts);
        }

        /**
         * What a scope allows, in plain words.
         *
         * @param scope one of a view's
         * @return empty if the service has not said it in this language
         */
        public Optional<String> scopeText(String scope) {
            return Optional.ofNullable(scopeTexts.get(scope));
        }

        /**
         * Where an asset is.
         *
         * @param name one of the renderer's
         * @return its URL
         */
        public String asset(String name) {
            return Objects.requireNonNull(assets.get(name), "the renderer has no such asset");
        }
    }

    /**
     * As whom somebody is signed in.
     *
     * @param name as the person knows it
     * @param changeUrl where to sign in as somebody else
     */
    record Account(String name, String changeUrl) {

        /** Never shows the name. */
        @Override
        public String toString() {
            return "Account[]";
        }
    }

    /**
     * A form with a button. It is posted, as {@code application/x-www-form-urlencoded}, with hidden fields.
     *
     * @param url where it is posted to
     * @param fields the values of the hidden fields by their names; a form has all of them
     */
    record Action(String url, Map<String, Secret> fields) {

        /** Copies the map, in its order. */
        public Action {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /**
     * The person has to decide.
     *
     * @param setting around the page
     * @param claim who asks for what
     * @param type says yes by the code that the agent shows: its form has a second field, {@code user_code}, for people to
     *     type in, with white space and hyphens if they like; empty where nothing can be typed, or not any more
     * @param mistyped what was wrong with what they have just typed, if anything was
     * @param reveal says yes by showing a code to be read to the agent
     * @param reject ends the request: this was not me
     */
    record Decision(
            Setting setting,
            ClaimView.Open claim,
            Optional<Action> type,
            Optional<Mistyped> mistyped,
            Action reveal,
            Action reject)
            implements ClaimPageView {

        /** What can be wrong with a code that was typed. */
        public enum Mistyped {
            /** It is no six digits. It does not count as a wrong one. */
            UNREADABLE,
            /** It is not the one that the agent shows, or not any more. */
            WRONG,
            /** So many wrong ones were typed that the code is void: the agent has to show a new one. */
            VOID,
            /** The time for typing is over, but a code that was shown here can still be read to the agent. */
            LAPSED
        }
    }

    /**
     * The person has asked for the code, a moment ago or before: whoever loads the page again sees the same one for as long as
     * it is good. Its scripts may also ask this host whether the agent has brought it meanwhile.
     *
     * @param setting around the page
     * @param claim who asks for what
     * @param code six digits
     * @param shownAt when they were shown first
     * @param expiresAt the first instant at which they are no longer good
     * @param type as in {@link Decision}, for whoever finds that the agent shows a code instead
     * @param mistyped as in {@link Decision}
     * @param renew shows another code, which voids this one
     * @param reject ends the request: this was not me
     */
    record Code(
            Setting setting,
            ClaimView.Open claim,
            Secret code,
            Instant shownAt,
            Instant expiresAt,
            Optional<Action> type,
            Optional<Decision.Mistyped> mistyped,
            Action renew,
            Action reject)
            implements ClaimPageView {}

    /**
     * There is nothing to decide. Also the confirmation that follows {@link Decision#type} and {@link Decision#reject}.
     *
     * @param setting around the page
     * @param reason why
     * @param confirmed which agent was confirmed, if one was: say where that is ended
     */
    record Closed(Setting setting, ClaimView.Reason reason, Optional<ClaimView.Confirmed> confirmed)
            implements ClaimPageView {}

    /**
     * A mail is on its way. The agent shows the URL of this page to the person; it is the same for everybody, and knows
     * nothing about any claim.
     *
     * @param setting around the page
     */
    record Mailed(Setting setting) implements ClaimPageView {}

    /**
     * The page cannot say anything about a claim.
     *
     * @param setting around the page
     * @param kind why
     */
    record Problem(Setting setting, Kind kind) implements ClaimPageView {

        /** What the problem is. */
        public enum Kind {
            /** The link has lost its token. */
            INCOMPLETE_LINK,
            /** A form was posted from another site. Nothing was done. */
            FOREIGN_FORM,
            /** A browser has come to where a form is posted to. */
            NO_PAGE_HERE,
            /** Something that is needed is out of reach, or has failed. */
            UNAVAILABLE
        }
    }
}
