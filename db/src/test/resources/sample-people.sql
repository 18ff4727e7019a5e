-- What is counted: right for admin, wrong for mara.
INSERT INTO namespace_usage (namespace_id, files, bytes)
  SELECT d.namespace_id, COUNT(DISTINCT f.id) + (d.namespace_id = 2), SUM(b.size)
  FROM folder d JOIN file f ON f.folder_id = d.id JOIN file_version v ON v.file_id = f.id JOIN blob_ b ON b.id = v.blob_id
  GROUP BY d.namespace_id;

INSERT INTO account_usage (account_id, files, bytes)
  SELECT n.owner_id, SUM(u.files), SUM(u.bytes) FROM namespace n JOIN namespace_usage u ON u.namespace_id = n.id
  GROUP BY n.owner_id;

-- Who changes what: mara writes a new version of her report, nils has reserved a name; a put of the admin's ran out.
INSERT INTO file_lock (namespace_id, path_sha256, path, token, account_id, kind, writer, acquired_at, expires_at) VALUES
  (2, SHA2('report.pdf', 256), 'report.pdf', 7, 2, 'TRANSFER', '01KW000000000000000000000A', '2026-11-20 08:00:00',
   '2099-11-20 08:00:30'),
  (2, SHA2('plan.txt', 256), 'plan.txt', 8, 3, 'EXPLICIT', '', '2026-11-20 08:00:00', '2099-11-20 09:00:00'),
  (1, SHA2('docs/a.txt', 256), 'docs/a.txt', 5, 1, 'TRANSFER', '01KW000000000000000000000B', '2026-11-20 07:00:00',
   '2026-11-20 07:00:30');
