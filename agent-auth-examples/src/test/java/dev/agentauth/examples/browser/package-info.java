/**
 * Tests in a real browser: Debian's Chromium and its driver, headless. Start reading at {@link
 * dev.agentauth.examples.browser.Browser}. Each test leaves screenshots in {@code target/screenshots}.
 */
@NullMarked
package dev.agentauth.examples.browser;

import org.jspecify.annotations.NullMarked;
