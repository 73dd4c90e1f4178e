/**
 * The page behind a mailed claim link. {@code Pages} and {@code Reply} decide which page is shown, with which status and
 * headers, whoever writes it; {@code StandardPage} writes those that we ship, with the texts of {@code
 * texts_en.properties}. Start at {@code Reply}.
 */
@NullMarked
package dev.agentauth.servlet.internal.page;

import org.jspecify.annotations.NullMarked;
