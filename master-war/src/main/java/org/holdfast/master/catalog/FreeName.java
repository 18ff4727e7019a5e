package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.database.Rows;

/** Finds the name that {@code on-conflict=rename} gives: {@code report.pdf} → {@code report (2).pdf}. */
@ApplicationScoped
public class FreeName {
    /** More behind a dot is a part of the name; room for a stem and a number must be left. */
    private static final int MAX_EXTENSION_BYTES = 64;
    /** The largest number that a name can get. */
    private static final int MOST = Integer.MAX_VALUE;
    /** U+10FFFD, the last character that a name can have. */
    private static final String LAST_CHARACTER = "\udbff\udffd";

    @PersistenceContext
    EntityManager entities;

    /** A name that neither a file nor a folder in the folder has at this moment; its unique key decides races. */
    @Transactional(Transactional.TxType.MANDATORY)
    public String find(long folderId, String taken) {
        // What every numbered name begins with; the stem of a long one is cut.
        String stem = cut(taken, MOST);
        String prefix = stem.equals(stem(taken)) ? stem + " (" : stem;
        Set<String> names = new HashSet<>();
        for (String table : new String[] {"file WHERE folder_id", "folder WHERE parent_id"}) {
            names.addAll(Rows.texts(
                    entities.createNativeQuery("SELECT name FROM " + table + " = ? AND name >= ? AND name < ?")
                            .setParameter(1, folderId)
                            .setParameter(2, prefix)
                            .setParameter(3, prefix + LAST_CHARACTER)));
        }
        int number = 2;
        while (names.contains(numbered(taken, number))) {
            number++;
        }
        return numbered(taken, number);
    }

    static String numbered(String name, int number) {
        return cut(name, number) + suffix(name, number);
    }

    private static String suffix(String name, int number) {
        return " (" + number + ")" + extension(name);
    }

    /** As much of the stem as leaves room for the number. */
    private static String cut(String name, int number) {
        String stem = stem(name);
        int room = FileAddress.MAX_NAME_BYTES - bytes(suffix(name, number));
        while (bytes(stem) > room) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem;
    }

    private static String stem(String name) {
        return name.substring(0, name.length() - extension(name).length());
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && bytes(name.substring(dot)) <= MAX_EXTENSION_BYTES ? name.substring(dot) : "";
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
