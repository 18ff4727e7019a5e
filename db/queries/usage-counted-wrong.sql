-- Question: Does any namespace keep more or less than is counted?
-- When:     After the catalog was changed by hand, or in doubt about a quota. Every row is a namespace that is counted
--           wrong; mend it with UPDATE namespace_usage, and account_usage for its owner. A put while it runs may show up.
-- Cost:     Reads every version of every file: about 5 s per million.
SELECT n.name AS namespace, a.name AS owner, u.files AS counted_files, k.files AS files, u.bytes AS counted_bytes,
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
ORDER BY n.name;
