package dev.agentauth.examples;

import dev.agentauth.keys.CryptoProvider;
import java.net.URL;
import java.net.URLClassLoader;
import org.jspecify.annotations.Nullable;

/**
 * Brings Amazon Corretto Crypto Provider along for Linux on two kinds of processors, so that one demo jar has it on both. Its
 * jars cannot be merged into the demo's: the native library has one name in all of them. So each has a folder, and a class
 * loader of its own, which is for as long as the process. A service that knows its platform has the one jar on its class
 * path and needs none of this.
 */
final class CorrettoInside {
    private CorrettoInside() {}

    /** The fastest provider that is on the class path or in here. */
    static CryptoProvider fastest() {
        String folder = folderFor(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        URL classes = folder == null ? null : CorrettoInside.class.getResource(folder);
        return classes == null ? CryptoProvider.fastest() : fastestWith(classes);
    }

    /** Null on any other platform. */
    static @Nullable String folderFor(String os, String processor) {
        return switch (os + " " + processor) {
            case "Linux amd64" -> "/corretto/linux-x86_64/";
            case "Linux aarch64" -> "/corretto/linux-aarch_64/";
            default -> null;
        };
    }

    private static CryptoProvider fastestWith(URL classes) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new URLClassLoader(new URL[] {classes}, before));
        try {
            return CryptoProvider.fastest();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
