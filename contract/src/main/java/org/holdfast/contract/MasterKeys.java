package org.holdfast.contract;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everything that is signed in a cluster is signed by keys derived from one secret that masters alone have ({@code
 * secrets/master.key}). Each purpose and each member has a key of its own: whoever learns one can do what that one is for.
 * Thread-safe. ADR 0044 tells which key is for what.
 */
public final class MasterKeys {
    private final SecretKeys secret;
    private final Map<String, SecretKeys> purposes = new ConcurrentHashMap<>();
    private final Map<List<String>, MemberKeys> nodes = new ConcurrentHashMap<>();

    public MasterKeys(SecretKeys secret) {
        this.secret = secret;
    }

    /** Reads the secret; throws what {@link SecretKeys#read} throws. */
    public static MasterKeys read(Path file) {
        return new MasterKeys(SecretKeys.read(file));
    }

    /** Keys that never leave masters, for one of the few kinds of what they seal. */
    public SecretKeys forPurpose(String purpose) {
        return purposes.computeIfAbsent(purpose, name -> secret.derive("master", name));
    }

    /** Identifiers, the signing one first. */
    public List<String> ids() {
        return secret.ids();
    }

    /**
     * What masters share with one storage node. A name that another disk takes later gets other keys.
     *
     * @param name of a node that is registered; what was derived is remembered
     */
    public MemberKeys ofNode(String name, String diskUuid) {
        return nodes.computeIfAbsent(
                List.of(name, diskUuid), node -> new MemberKeys(secret.derive("node", name, diskUuid)));
    }

    @Override
    public String toString() {
        return "MasterKeys" + secret.ids();
    }
}
