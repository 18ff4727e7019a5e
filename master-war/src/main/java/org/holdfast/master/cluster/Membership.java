package org.holdfast.master.cluster;

import java.util.List;

/**
 * What a master knows of itself and its kind.
 *
 * @param masterName its name
 * @param masters base URLs of all masters, this one included
 * @param joinToken secret that lets a new node in
 */
public record Membership(String masterName, List<String> masters, String joinToken) {
    public Membership {
        masters = List.copyOf(masters);
    }

    @Override
    public String toString() {
        return "Membership[" + masterName + ", " + masters + "]";
    }
}
