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
    @PersistenceContext
    EntityManager entities;

    /** A name that neither a file nor a folder in the folder has at this moment; its unique key decides races. */
    @Transactional(Transactional.TxType.MANDATORY)
    public String find(long folderId, String taken) {
        String prefix = stem(taken) + " (";
        Set<String> names = new HashSet<>();
        for (String table : new String[] {"file WHERE folder_id", "folder WHERE parent_id"}) {
            names.addAll(Rows.texts(entities.createNativeQuery(
                            "SELECT name FROM " + table + " = ? AND LEFT(name, CHAR_LENGTH(?)) = ? AND name >= ?")
                    .setParameter(1, folderId)
                    .setParameter(2, prefix)
                    .setParameter(3, prefix)
                    .setParameter(4, prefix)));
        }
        int number = 2;
        while (names.contains(numbered(taken, number))) {
            number++;
        }
        return numbered(taken, number);
    }

    static String numbered(String name, int number) {
        String suffix = " (" + number + ")" + extension(name);
        String stem = stem(name);
        while ((stem + suffix).getBytes(StandardCharsets.UTF_8).length > FileAddress.MAX_NAME_BYTES) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem + suffix;
    }

    private static String stem(String name) {
        return name.substring(0, name.length() - extension(name).length());
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(dot) : "";
    }
}
