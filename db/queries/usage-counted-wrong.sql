-- Question: Does any namespace, or all that an account owns, keep more or less than is counted?
-- When:     After the catalog was changed by hand, or in doubt about a quota. Every row is counted wrong; mend namespaces
--           first, with UPDATE namespace_usage, then accounts, which are compared with what is counted for their
--           namespaces, with UPDATE account_usage. A put while it runs may show up.
-- Cost:     Reads every version of every file: about 5 s per million.
SELECT 'namespace' AS what, n.name, a.name AS owner, u.files AS counted_files, k.files AS files, u.bytes AS counted_bytes,
       k.bytes AS bytes
FROM (SELECT n.id, COUNT(DISTINCT f.id) AS files, COALESCE(SUM(b.size), 0) AS bytes
      FROM namespace n
      LEFT JOIN folder d ON d.namespace_id = n.id
      LEFT JOIN file f ON f.folder_id = d.id
      LEFT JOIN file_version v ON v.file_id = f.id
      LEFT JOIN blob_ b ON b.id = v.blob_id
      GROUP BY n.id) k
JOIN namespace n ON n.id = k.id
JOIN account a ON a.id = n.owner_id
LEFT JOIN namespace_usage u ON u.namespace_id = n.id
WHERE NOT (u.files <=> k.files AND u.bytes <=> k.bytes)
UNION ALL
SELECT 'account', a.name, a.name, t.files, COALESCE(k.files, 0), t.bytes, COALESCE(k.bytes, 0)
FROM account a
LEFT JOIN account_usage t ON t.account_id = a.id
LEFT JOIN (SELECT n.owner_id, SUM(u.files) AS files, SUM(u.bytes) AS bytes
           FROM namespace n
           JOIN namespace_usage u ON u.namespace_id = n.id
           GROUP BY n.owner_id) k ON k.owner_id = a.id
WHERE COALESCE(t.files, 0) <> COALESCE(k.files, 0) OR COALESCE(t.bytes, 0) <> COALESCE(k.bytes, 0)
ORDER BY 1 DESC, 2;
