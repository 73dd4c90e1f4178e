package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrettoInsideTest {
    private static final String NATIVE = "com/amazon/corretto/crypto/provider/libamazonCorrettoCryptoProvider.so";

    /** Where an ELF file says for which processor it is. */
    private static final int MACHINE = 18;

    @ParameterizedTest
    @CsvSource({"amd64, 62", "aarch64, 183"})
    void eachProcessorGetsItsOwnNativeCode(String processor, int machine) throws Exception {
        String library = CorrettoInside.folderFor("Linux", processor) + NATIVE;
        try (InputStream in = CorrettoInside.class.getResourceAsStream(library)) {
            assertThat(in).as(library).isNotNull();
            assertThat(in.readNBytes(MACHINE + 1)[MACHINE] & 0xff).isEqualTo(machine);
        }
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Mac OS X, aarch64", "Linux, riscv64", "'', ''"})
    void noneElsewhere(String os, String processor) {
        assertThat(CorrettoInside.folderFor(os, processor)).isNull();
    }

    @Test
    void itIsUsedHereAndChangesNothingAround() {
        if (CorrettoInside.folderFor(System.getProperty("os.name"), System.getProperty("os.arch")) == null) {
            System.err.println("SKIPPED: the demo brings no JCA provider for this platform");
            Assumptions.abort("no JCA provider for this platform");
        }
        List<Provider> installed = List.of(Security.getProviders());
        ClassLoader context = Thread.currentThread().getContextClassLoader();

        assertThat(CorrettoInside.fastest().provider().map(Provider::getName)).hasValue("AmazonCorrettoCryptoProvider");

        assertThat(Security.getProviders()).containsExactlyElementsOf(installed);
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(context);
    }
}
