package dev.agentauth.internal.ports;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/** {@link AuditSink}: whatever is thrown changes nothing, but what was lost by it is counted. */
final class ContainedAuditSink implements AuditSink {
    private static final Logger LOG = System.getLogger(ContainedAuditSink.class.getName());

    private final AuditSink kept;
    private final LongAdder lost = new LongAdder();

    ContainedAuditSink(AuditSink kept) {
        this.kept = kept;
    }

    @Override
    public void record(AuditEvent event) {
        try {
            kept.record(event);
        } catch (Throwable e) {
            lost.increment();
            Foreign.contain(e);
            LOG.log(Level.WARNING, "the audit sink failed on " + event.type().wireName() + ": " + Foreign.kinds(e));
        }
    }

    /** How many events the sink has thrown at, or lost afterwards. */
    @Override
    public long lost() {
        long later = 0;
        try {
            later = kept.lost();
        } catch (Throwable e) {
            Foreign.contain(e);
            LOG.log(Level.WARNING, "the audit sink does not say what it lost: " + Foreign.kinds(e));
        }
        return lost.sum() + later;
    }
}
