package org.holdfast.master.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.holdfast.contract.JsonText;
import org.holdfast.master.catalog.ReadFile;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.cluster.SealTickets;

/** Says in headers where the bytes of a file are, with the ticket to read them there. */
@ApplicationScoped
public class ReadAt {
    @Inject
    SealTickets seal;

    record Header(String name, String value) {}

    /** For pages and programs that are not to be redirected: the URLs in the order in which to try them. */
    JsonObject json(ReadFile.Location location) {
        var urls = JsonText.array();
        location.nodes().forEach(node -> urls.add(url(location, node)));
        return JsonText.object()
                .add("urls", urls)
                .add("expiresAt", location.ticket().expiresAt().toString())
                .build();
    }

    /** With a ticket that is good at this node. */
    private String url(ReadFile.Location location, NodeView node) {
        return node.publicUrl() + "/blobs/" + location.ticket().blob().id() + "?ticket="
                + seal.seal(location.ticket(), node);
    }

    List<Header> headers(ReadFile.Location location) {
        List<Header> headers = new ArrayList<>();
        int priority = 0;
        for (NodeView node : location.nodes()) {
            priority++;
            String url = url(location, node);
            if (priority == 1) {
                headers.add(new Header("Location", url));
                headers.add(new Header("Holdfast-Node", node.name()));
            } else {
                // RFC 6249: further places where the same bytes are, in the order in which to try them.
                headers.add(new Header("Link", "<" + url + ">; rel=\"duplicate\"; pri=" + priority));
            }
        }
        return headers;
    }
}
