package dev.agentauth.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.agentauth.spi.Contact;
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
        assertThat(users.create(Contact.of("old@example.com", null))).isPresent();
    }

    @Test
    @DisplayName("keeps the address when a user is switched off and on, and still finds the user")
    void switchesOffAndOn() {
        InMemoryUserDirectory users = new InMemoryUserDirectory().add(User.of("user_a", "a@example.com"));

        users.setActive("user_a", false);
        assertThat(users.findByVerifiedEmail("a@example.com"))
                .get()
                .extracting(User::isActive)
                .isEqualTo(false);
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

    @Test
    @DisplayName("folds A to Z and nothing else: the Kelvin sign is no k")
    void f26_foldsAsciiOnly() {
        InMemoryUserDirectory users = new InMemoryUserDirectory()
                .add(User.of("user_a", "\u212aim@example.com"))
                .add(User.of("user_b", "Kim@example.com"));

        assertThat(users.findByVerifiedEmail("kim@example.com"))
                .get()
                .extracting(User::id)
                .isEqualTo("user_b");
        assertThat(users.findByVerifiedEmail("\u212aIM@example.com"))
                .get()
                .extracting(User::id)
                .isEqualTo("user_a");
    }
}
