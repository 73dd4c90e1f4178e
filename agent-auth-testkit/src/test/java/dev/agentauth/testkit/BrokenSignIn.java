package dev.agentauth.testkit;

import static dev.agentauth.testkit.ContractRun.by;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sign-ins with one defect each, and the requirements that find it. */
@SuppressWarnings("ImmutableEnumChecker") // made anew for each run
enum BrokenSignIn implements ContractRun.Defect {
    NONE(by(), PlainSignIn::new),

    TAKES_A_STRANGER_FOR_SOMEBODY(
            by("knows nobody before somebody has signed in, however often it is asked"), () -> new PlainSignIn() {
                @Override
                PlainBrowser makeBrowser() {
                    PlainBrowser browser = super.makeBrowser();
                    browser.signIn("user_1");
                    return browser;
                }
            }),

    TAKES_ALL_BROWSERS_FOR_ONE(by("names who has signed in, in that browser and in no other"), () -> new PlainSignIn() {
        @Override
        PlainBrowser makeBrowser() {
            return new PlainBrowser() {
                @Override
                public void signIn(String id) {
                    browsers.forEach(browser -> browser.userId = id);
                    browsers.forEach(browser -> browser.secret = newSecret());
                }
            };
        }
    }),

    CHANGES_THE_SECRET_WHENEVER_IT_IS_ASKED(
            by("keeps one secret for as long as one person stays signed in"), () -> new PlainSignIn() {
                @Override
                PlainBrowser makeBrowser() {
                    return new PlainBrowser() {
                        @Override
                        public Optional<SignInContract.Seen> signedIn() {
                            secret = newSecret();
                            return super.signedIn();
                        }
                    };
                }
            }),

    HAS_A_SHORT_SECRET(by("keeps one secret for as long as one person stays signed in"), () -> new PlainSignIn() {
        @Override
        String newSecret() {
            return super.newSecret().substring("secret-of-a-session-".length());
        }
    }),

    HAS_ONE_SECRET_FOR_EVERYBODY(
            by("T54: has a new secret for each session, and whenever somebody signs in in one"),
            () -> new PlainSignIn() {
                @Override
                String newSecret() {
                    return "one-for-everybody";
                }
            }),

    KEEPS_THE_SECRET_FOR_THE_NEXT_ONE(
            by("T54: has a new secret for each session, and whenever somebody signs in in one"),
            () -> new PlainSignIn() {
                @Override
                PlainBrowser makeBrowser() {
                    return new PlainBrowser() {
                        @Override
                        public void signIn(String id) {
                            String before = secret;
                            super.signIn(id);
                            secret = before.isEmpty() ? secret : before;
                        }
                    };
                }
            }),

    KEEPS_THE_FIRST_ONE(by("knows whoever signed in last, and nobody after signing out"), () -> new PlainSignIn() {
        @Override
        PlainBrowser makeBrowser() {
            return new PlainBrowser() {
                @Override
                public void signIn(String id) {
                    String before = userId;
                    super.signIn(id);
                    userId = before == null ? id : before;
                }
            };
        }
    }),

    SIGNS_NOBODY_OUT(by("knows whoever signed in last, and nobody after signing out"), () -> new PlainSignIn() {
        @Override
        PlainBrowser makeBrowser() {
            return new PlainBrowser() {
                @Override
                public void signOut() {
                    secret = newSecret();
                }
            };
        }
    }),

    LOSES_A_PART_OF_THE_TARGET(by("leads back to where it was asked to, to the letter"), () -> new PlainSignIn() {
        @Override
        String landing(String returnTo) {
            return super.landing(returnTo.split("&", -1)[0]);
        }
    }),

    LEADS_ANYWHERE(by("T54: leads to no other host, whatever it is asked to come back to"), () -> new PlainSignIn() {
        @Override
        String landing(String returnTo) {
            return returnTo;
        }
    }),

    LEADS_ANYWHERE_AFTER_A_CHANGE(
            by("T54: leads to no other host, whatever it is asked to come back to"), () -> new PlainSignIn() {
                @Override
                String landingAfterChange(String returnTo) {
                    return returnTo;
                }
            });

    private final Set<String> finders;
    private final Supplier<PlainSignIn> maker;

    BrokenSignIn(Set<String> finders, Supplier<PlainSignIn> maker) {
        this.finders = finders;
        this.maker = maker;
    }

    @Override
    public Set<String> finders() {
        return finders;
    }

    @ExtendWith(ContractRun.DefectResolver.class)
    static class Contract extends SignInContract {
        private final PlainSignIn signIn;

        Contract(BrokenSignIn defect) {
            signIn = defect.maker.get();
        }

        @Override
        protected Browser newBrowser() {
            return signIn.newBrowser();
        }

        @Override
        protected List<String> userIds() {
            return List.of("user_1", "user_2");
        }

        @Override
        protected String landingAfterSignIn(String returnTo) {
            return signIn.landing(returnTo);
        }

        @Override
        protected String landingAfterChange(String returnTo) {
            return signIn.landingAfterChange(returnTo);
        }
    }
}
