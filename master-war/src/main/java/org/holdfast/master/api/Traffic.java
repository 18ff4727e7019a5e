package org.holdfast.master.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.annotation.Metric;

/** Counts what passes, for {@code /metrics}. */
@ApplicationScoped
public class Traffic {
    @Inject
    @Metric(name = "holdfast_uploads_total", absolute = true, description = "Puts acknowledged by this master")
    Counter uploads;

    @Inject
    @Metric(name = "holdfast_downloads_total", absolute = true, description = "Reads redirected to a storage node")
    Counter downloads;

    void uploaded() {
        uploads.inc();
    }

    void downloaded() {
        downloads.inc();
    }
}
