package dev.agentauth.examples.springboot;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.HiddenHttpMethodFilter;

/** For services that have turned on hidden methods: that filter reads every form that it sees. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("spring.mvc.hiddenmethod.filter.enabled")
class HiddenMethodConfiguration {

    // begin: SpringHiddenMethods
    @Bean
    FilterRegistrationBean<HiddenHttpMethodFilter> hiddenMethods(HiddenHttpMethodFilter filter) {
        FilterRegistrationBean<HiddenHttpMethodFilter> registration = new FilterRegistrationBean<>(filter);
        registration.addUrlPatterns("/account/*"); // where the service has such forms
        return registration;
    }
    // end: SpringHiddenMethods
}
