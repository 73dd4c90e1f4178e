package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A claim page as a browser without JavaScript sees it: text, forms, and what it would load. */
record Page(Answer answer) {
    private static final Pattern FORM =
            Pattern.compile("(?s)<form method=\"post\" action=\"([^\"]*)\"[^>]*>(.*?)</form>");
    private static final Pattern FIELD =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");
    private static final Pattern BUTTON = Pattern.compile("(?s)<button type=\"submit\"[^>]*>(.*?)</button>");

    private static final Pattern CODE = Pattern.compile("(?<![0-9])([0-9]{3}\\s*[0-9]{3})(?![0-9])");

    /** A form with one button. */
    record Form(String action, String body, String button) {
        /** Sends it as a browser does that was told {@code no-referrer} and knows no fetch metadata. */
        Page submit(Client client, String... headers) {
            return new Page(client.postForm(URI.create(action).getPath(), body, headers));
        }
    }

    static Page of(Client client, String attemptToken) {
        return new Page(client.view(attemptToken));
    }

    Page hasStatus(int status) {
        answer.hasStatus(status);
        return this;
    }

    /** Text without tags. */
    String text() {
        return answer.text()
                .replaceAll("(?s)<head>.*</head>", "")
                .replaceAll("<[^>]*>", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    List<Form> forms() {
        List<Form> forms = new ArrayList<>();
        Matcher form = FORM.matcher(answer.text());
        while (form.find()) {
            List<String> fields = new ArrayList<>();
            Matcher field = FIELD.matcher(form.group(2));
            while (field.find()) {
                fields.add(field.group(1));
                fields.add(field.group(2));
            }
            Matcher button = BUTTON.matcher(form.group(2));
            assertThat(button.find()).as("a button in %s", form.group()).isTrue();
            forms.add(new Form(
                    form.group(1),
                    Client.form(fields.toArray(new String[0])),
                    button.group(1).replace("\u2019", "'")));
        }
        return forms;
    }

    Form form(String button) {
        return forms().stream()
                .filter(form -> form.button().toLowerCase(java.util.Locale.ROOT).contains(button))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no button " + button + " on " + answer));
    }

    Form revealForm() {
        return form("code");
    }

    Form rejectForm() {
        return form("wasn't me");
    }

    /** The code that the page shows. */
    String code() {
        Matcher code = CODE.matcher(text());
        assertThat(code.find()).as("a code on %s", answer).isTrue();
        String digits = code.group(1).replaceAll("[^0-9]", "");
        Secrets.note(digits);
        return digits;
    }
}
