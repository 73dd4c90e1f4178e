package dev.agentauth.servlet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which scope a method and a path need. Of the rules for a method, the most specific one decides. */
final class AccessRules {
    private static final String BELOW = "/*";

    private final Map<String, OfMethod> byMethod = new HashMap<>();

    /** A rule: the scope to have, or null where none is needed and not even a token. */
    record Rule(String method, String pattern, @Nullable String scope) {
        boolean isOpen() {
            return scope == null;
        }

        boolean isPrefix() {
            return pattern.endsWith(BELOW);
        }

        String path() {
            return isPrefix() ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern;
        }

        @Override
        public String toString() {
            return method + " " + pattern + (isOpen() ? "" : " " + scope);
        }
    }

    private record Prefix(String path, Rule rule) {
        /** The path itself, and all below it. */
        boolean covers(String other) {
            return other.startsWith(path) && (other.length() == path.length() || other.charAt(path.length()) == '/');
        }
    }

    private record OfMethod(Map<String, Rule> exact, List<Prefix> prefixes) {}

    /** Refuses a rule that can never match, and a second one for the same. */
    AccessRules(List<Rule> rules) {
        rules.forEach(this::add);
        for (OfMethod ofMethod : byMethod.values()) {
            ofMethod.prefixes()
                    .sort(Comparator.comparingInt(
                                    (Prefix prefix) -> prefix.path().length())
                            .reversed());
        }
    }

    private void add(Rule rule) {
        String path = rule.path();
        require(isPlain(rule.isPrefix() ? path + "/" : path), rule, "is not for a path, or a path followed by /*");
        require(path.indexOf('*') < 0, rule, "has an asterisk elsewhere than in /* at the end");
        require(!rule.method().equals("HEAD"), rule, "is not needed: HEAD is treated as GET");
        require(rule.scope() == null || isScopeToken(rule.scope()), rule, "asks for something that is no scope token");
        OfMethod same =
                byMethod.computeIfAbsent(rule.method(), unused -> new OfMethod(new HashMap<>(), new ArrayList<>()));
        boolean first = rule.isPrefix()
                ? same.prefixes().stream().noneMatch(other -> other.path().equals(path))
                : !same.exact().containsKey(path);
        require(first, rule, "is the second one for the same method and pattern");
        if (rule.isPrefix()) {
            same.prefixes().add(new Prefix(path, rule));
        } else {
            same.exact().put(path, rule);
        }
    }

    /** The methods that there are rules for, separated by commas. */
    String methods() {
        Set<String> methods = new TreeSet<>(byMethod.keySet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
    }

    /** The rule for a plain path: an exact one, else that of the longest prefix, else null. */
    @Nullable
    Rule find(String method, String path) {
        OfMethod rules = byMethod.get(method.equals("HEAD") ? "GET" : method);
        if (rules == null) {
            return null;
        }
        Rule exact = rules.exact().get(path);
        if (exact != null) {
            return exact;
        }
        for (Prefix prefix : rules.prefixes()) {
            if (prefix.covers(path)) {
                return prefix.rule();
            }
        }
        return null;
    }

    /**
     * Whether a decoded path means the same to everybody. What is still escaped, what some resolve and some do not, and
     * what some cut off would let a request pass one rule and reach what another rule guards.
     */
    static boolean isPlain(String path) {
        if (!path.startsWith("/") || path.contains("//")) {
            return false;
        }
        if (path.contains("/./") || path.contains("/../") || path.endsWith("/.") || path.endsWith("/..")) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == ';' || c == '%' || c == '\\' || Character.isISOControl(c)) {
                return false;
            }
        }
        return true;
    }

    /** RFC 6749, section 3.3; also what may stand between the quotes of a challenge. */
    static boolean isScopeToken(String scope) {
        return !scope.isEmpty() && scope.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
    }

    private static void require(boolean condition, Rule rule, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("the rule " + rule + " " + problem);
        }
    }
}
