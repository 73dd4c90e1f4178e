package dev.agentauth.examples;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands in for the person: reads the demo's outbox, opens the link, and presses buttons of the page. */
final class PersonAtHome {
    static final String SHOW_CODE = "Show the code";
    static final String CONFIRM = "Confirm";
    static final String NOT_ME = "This wasn’t me";

    private static final Pattern FORM = Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern INPUT = Pattern.compile("<input\\b([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("([a-z]+)=\"([^\"]*)\"");
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern BUTTON = Pattern.compile("<button\\b[^>]*>(.*?)</button>", Pattern.DOTALL);

    /** Six digits with whatever space between them, and not within another word, such as an id. */
    private static final Pattern CODE = Pattern.compile("(?<![\\w-])[0-9](\\s*[0-9]){5}(?![\\w-])");

    private final Http http;
    private final String outbox;

    PersonAtHome(Http http, String outbox) {
        this.http = http;
        this.outbox = outbox;
    }

    /** An open page. */
    record Page(String url, String html) {

        /** What stands there, without any markup. */
        String text() {
            return unescape(TAG.matcher(html).replaceAll(" "));
        }
    }

    /** The link in the newest mail to an address about a registration. */
    String link(String address, String registrationId) {
        for (Json mail : mails()) {
            if (isAbout(mail, address, registrationId)) {
                return mail.get("link").text();
            }
        }
        throw new WalkFailedException("the outbox has no mail to " + address + " about " + registrationId);
    }

    /** How many mails to an address about a registration there are. */
    long mails(String address, String registrationId) {
        long count = 0;
        for (Json mail : mails()) {
            count += isAbout(mail, address, registrationId) ? 1 : 0;
        }
        return count;
    }

    /** Opens a link. */
    Page open(String link) {
        return page(link, http.get(link));
    }

    /** Presses the button with a label: posts the form that it is in, as a browser would. */
    Page press(Page page, String label) {
        return press(page, label, Map.of());
    }

    /** The same, after something was typed into fields of that form. */
    Page press(Page page, String label, Map<String, String> typed) {
        Matcher form = FORM.matcher(page.html());
        while (form.find()) {
            Matcher button = BUTTON.matcher(form.group(2));
            if (button.find() && unescape(button.group(1)).strip().equals(label)) {
                String action = attributes(form.group(1)).getOrDefault("action", "");
                String url = URI.create(page.url()).resolve(action).toString();
                Map<String, String> fields = fields(form.group(2));
                fields.putAll(typed);
                return page(url, http.postForm(url, fields));
            }
        }
        throw new WalkFailedException("the page has no button '" + label + "'");
    }

    /** Reads the code that the page shows. */
    String code(Page page) {
        Matcher code = CODE.matcher(page.text());
        if (!code.find()) {
            throw new WalkFailedException("the page shows no code of six digits");
        }
        return code.group().replaceAll("\\s", "");
    }

    private Iterable<Json> mails() {
        Reply reply = http.get(outbox);
        if (reply.status() != 200) {
            throw new WalkFailedException("no outbox at " + outbox + ": expected 200, seen " + reply
                    + ". The demo shows it on a loopback address and without AGENT_AUTH_SMTP only.");
        }
        return reply.json().items();
    }

    private static boolean isAbout(Json mail, String address, String registrationId) {
        return mail.get("link").isPresent()
                && mail.get("to").text().equals(address)
                && mail.get("registration_id").text().equals(registrationId);
    }

    private static Page page(String url, Reply reply) {
        if (reply.status() != 200) {
            throw new WalkFailedException("the page of the link: expected 200, seen " + reply);
        }
        return new Page(url, reply.body());
    }

    private static Map<String, String> fields(String form) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(form);
        while (input.find()) {
            Map<String, String> attributes = attributes(input.group(1));
            fields.put(attributes.getOrDefault("name", ""), attributes.getOrDefault("value", ""));
        }
        return fields;
    }

    private static Map<String, String> attributes(String tag) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(tag);
        while (attribute.find()) {
            attributes.put(attribute.group(1), unescape(attribute.group(2)));
        }
        return attributes;
    }

    private static String unescape(String html) {
        return html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
