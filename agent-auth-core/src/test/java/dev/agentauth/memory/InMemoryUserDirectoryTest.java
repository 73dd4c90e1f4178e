package dev.agentauth.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.UserDirectoryContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InMemoryUserDirectoryTest extends UserDirectoryContract {
    @Override
    protected UserDirectory newDirectory() {
        return new InMemoryUserDirectory();
    }

    @Test
    @DisplayName("puts a user in the place of the one with the same id, whose old address is free then")
    void replacesAUser() {
        InMemoryUserDirectory users = new InMemoryUserDirectory()
                .add(User.of("user_a", "old@example.com"))
                .add(User.of("user_a", "new@example.com"));

        assertThat(users.findByVerifiedEmail("old@example.com")).isEmpty();
        assertThat(users.findByVerifiedEmail("NEW@example.com")).isPresent();
        assertThat(users.provision(SecretHash.of("key"), Contact.proved("old@example.com")))
                .isInstanceOf(Provisioning.Made.class);
    }

    @Test
    @DisplayName("keeps address and proof when a user is switched off and on, and still finds the user")
    void switchesOffAndOn() {
        InMemoryUserDirectory users =
                new InMemoryUserDirectory().add(new User("user_a", true, "a@example.com", ContactProof.PROVIDER));

        users.setActive("user_a", false);
        assertThat(users.findByVerifiedEmail("a@example.com")).get().satisfies(user -> {
            assertThat(user.isActive()).isFalse();
            assertThat(user.emailProof()).isEqualTo(ContactProof.PROVIDER);
        });
        users.setActive("user_a", true);
        assertThat(users.findById("user_a")).get().extracting(User::isActive).isEqualTo(true);
    }

    @Test
    @DisplayName("knows no number of a user whom it does not know")
    void refusesUnknownUsers() {
        InMemoryUserDirectory users = new InMemoryUserDirectory();

        assertThatNullPointerException().isThrownBy(() -> users.addPhone("nobody", "+49"));
        assertThatNullPointerException().isThrownBy(() -> users.setActive("nobody", true));
    }
}
