package org.holdfast.storage.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How this node finds its cluster.
 *
 * @param members base URLs of known members, masters or nodes, tried in order
 * @param joinTokenFile file with the secret that lets a stranger in; may be absent once the node has joined
 * @param record the file in which the node remembers its identity, the masters and the keys
 */
public record MemberConfig(List<String> members, Optional<Path> joinTokenFile, Path record) {
    public MemberConfig {
        members = members.stream()
                .map(url -> NodeIdentity.baseUrl("holdfast.node.members", url))
                .toList();
    }
}
