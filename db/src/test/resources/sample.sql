-- A small organisation's catalog, for the tests and for docs/operations/queries.md: three nodes of which sn3 is down,
-- one of them nearly full, two people, a few files with a story each, and 2,000 pictures with one or all copies.
INSERT INTO account (id, name, password_hash, role, created_at) VALUES
  (1, 'admin', '$argon2id$none', 'administrator', '2026-11-01 08:00:00'),
  (2, 'mara', '$argon2id$none', 'user', '2026-11-02 08:00:00'),
  (3, 'nils', '$argon2id$none', 'user', '2026-11-03 08:00:00');
INSERT INTO namespace (id, name, owner_id, replica_count, placement, durability, created_at) VALUES
  (1, 'admin', 1, 2, 'RANDOM', 1, '2026-11-01 08:00:00'),
  (2, 'mara', 2, 1, 'HASH', 2, '2026-11-02 08:00:00');
INSERT INTO folder (id, namespace_id, parent_id, name, path, path_sha256, created_at) VALUES
  (1, 1, NULL, '', '', SHA2('', 256), '2026-11-01 08:00:00'),
  (2, 1, 1, 'docs', 'docs', SHA2('docs', 256), '2026-11-01 08:00:00'),
  (3, 1, 2, '2026', 'docs/2026', SHA2('docs/2026', 256), '2026-11-01 08:00:00'),
  (4, 1, 1, 'pictures', 'pictures', SHA2('pictures', 256), '2026-11-01 08:00:00'),
  (5, 2, NULL, '', '', SHA2('', 256), '2026-11-02 08:00:00');
INSERT INTO folder (id, namespace_id, parent_id, name, path, path_sha256, created_at)
  SELECT 100 + seq, 1, 4, CONCAT('day ', seq), CONCAT('pictures/day ', seq), SHA2(CONCAT('pictures/day ', seq), 256),
         '2026-11-04 08:00:00'
  FROM seq_1_to_20;
INSERT INTO storage_node (id, name, url, public_url, zone, disk_uuid, admin_state, status, capacity_bytes, used_bytes,
                          free_bytes, applied_seq, joined_at, last_seen_at) VALUES
  (1, 'sn1', 'http://10.0.0.1:7401', 'http://files1.example.org', 'cellar', UUID(), 'IN_SERVICE', 'RUNNING',
   1000000000000, 400000000000, 600000000000, 9, '2026-11-01 08:00:00', '2026-11-20 12:00:00'),
  (2, 'sn2', 'http://10.0.0.2:7401', 'http://files2.example.org', 'cellar', UUID(), 'IN_SERVICE', 'RUNNING',
   500000000000, 470000000000, 30000000000, 9, '2026-11-01 08:00:00', '2026-11-20 12:00:00'),
  (3, 'sn3', 'http://10.0.0.3:7401', 'http://files3.example.org', 'attic', UUID(), 'DRAINING', 'DOWN',
   1000000000000, 350000000000, 650000000000, 7, '2026-11-01 08:00:00', '2026-11-20 11:14:03.5');
-- a.txt: version 2 is whole · bücher.pdf: a copy is still missing, its task waits · 'only copy.iso': two tasks are dead
-- · report.pdf of mara: the same bytes as bücher.pdf · ...F: a deleted file, whose last copy lies on the node that is down
INSERT INTO blob_ (id, size, md5, sha256, sha1, sha3_256, created_at) VALUES
  ('01K0000000000000000000000A', 11, MD5('a1'), SHA2('a1', 256), NULL, NULL, '2026-11-05 09:00:00'),
  ('01K0000000000000000000000B', 12, MD5('a2'), SHA2('a2', 256), NULL, NULL, '2026-11-06 09:00:00'),
  ('01K0000000000000000000000C', 7340032, MD5('book'), SHA2('book', 256), NULL, NULL, '2026-11-07 09:00:00'),
  ('01K0000000000000000000000D', 3221225472, MD5('iso'), SHA2('iso', 256), NULL, NULL, '2026-11-08 09:00:00'),
  ('01K0000000000000000000000E', 7340032, MD5('book'), SHA2('book', 256), NULL, NULL, '2026-11-09 09:00:00'),
  ('01K0000000000000000000000F', 77, MD5('gone'), SHA2('gone', 256), NULL, NULL, '2026-11-10 09:00:00');
INSERT INTO file (id, folder_id, name, version_id, created_at) VALUES
  (1, 2, 'a.txt', 2, '2026-11-05 09:00:00'),
  (2, 3, 'bücher.pdf', 3, '2026-11-07 09:00:00'),
  (3, 1, 'only copy.iso', 4, '2026-11-08 09:00:00'),
  (4, 5, 'report.pdf', 5, '2026-11-09 09:00:00');
INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id, created_at) VALUES
  (1, 1, 1, '01K0000000000000000000000A', 'text/plain', 1, '2026-11-05 09:00:00'),
  (2, 1, 2, '01K0000000000000000000000B', 'text/plain', 1, '2026-11-06 09:00:00'),
  (3, 2, 1, '01K0000000000000000000000C', 'application/pdf', 1, '2026-11-07 09:00:00'),
  (4, 3, 1, '01K0000000000000000000000D', 'application/octet-stream', 1, '2026-11-08 09:00:00'),
  (5, 4, 1, '01K0000000000000000000000E', 'application/pdf', 2, '2026-11-09 09:00:00');
INSERT INTO replica (blob_id, node_id, priority, state, verified_at, changed_at) VALUES
  ('01K0000000000000000000000A', 1, 0, 'VERIFIED', '2026-11-05 09:00:00', '2026-11-05 09:00:00'),
  ('01K0000000000000000000000B', 2, 0, 'VERIFIED', '2026-11-06 09:00:00', '2026-11-06 09:00:00'),
  ('01K0000000000000000000000B', 1, 1, 'VERIFIED', '2026-11-06 09:00:01', '2026-11-06 09:00:01'),
  ('01K0000000000000000000000B', 3, 2, 'VERIFIED', '2026-11-06 09:00:02', '2026-11-06 09:00:02'),
  ('01K0000000000000000000000C', 1, 0, 'VERIFIED', '2026-11-07 09:00:00', '2026-11-07 09:00:00'),
  ('01K0000000000000000000000C', 2, 1, 'VERIFIED', '2026-11-07 09:00:01', '2026-11-07 09:00:01'),
  ('01K0000000000000000000000C', 3, 2, 'COPYING', NULL, '2026-11-20 11:14:00'),
  ('01K0000000000000000000000D', 3, 0, 'VERIFIED', '2026-11-08 09:00:00', '2026-11-08 09:00:00'),
  ('01K0000000000000000000000D', 2, 1, 'PLANNED', NULL, '2026-11-08 09:00:00'),
  ('01K0000000000000000000000D', 1, 2, 'SUSPECT', '2026-11-08 09:00:30', '2026-11-19 03:00:00'),
  ('01K0000000000000000000000E', 2, 0, 'VERIFIED', '2026-11-09 09:00:00', '2026-11-09 09:00:00'),
  ('01K0000000000000000000000E', 1, 1, 'VERIFIED', '2026-11-09 09:00:01', '2026-11-09 09:00:01'),
  ('01K0000000000000000000000F', 3, 0, 'DELETING', '2026-11-10 09:00:00', '2026-11-20 11:00:00');
INSERT INTO task (id, kind, state, urgency, blob_id, source_node_id, target_node_id, path, attempt, first_attempt,
                  not_before, sent_at, reason, created_at, changed_at) VALUES
  ('01KT000000000000000000000A', 'REPLICATE', 'WAITING', 1, '01K0000000000000000000000C', 1, 3,
   'admin/docs/2026/bücher.pdf', 5, 1, '2026-11-20 12:00:16', NULL, 'REFUSED from the target: connection refused',
   '2026-11-20 11:14:00', '2026-11-20 12:00:00'),
  ('01KT000000000000000000000B', 'REPLICATE', 'DEAD', 0, '01K0000000000000000000000D', 3, 2, 'admin/only copy.iso', 10,
   1, '2026-11-08 09:08:00', '2026-11-08 09:08:00', 'attempts exhausted (10), the last one: HTTP 507 from the target: full',
   '2026-11-08 09:00:00', '2026-11-08 09:08:31'),
  ('01KT000000000000000000000C', 'REPLICATE', 'DEAD', 0, '01K0000000000000000000000D', NULL, 1, 'admin/only copy.iso',
   1, 1, '2026-11-19 03:00:00', '2026-11-19 03:00:00', 'an answer that no retry can mend: HTTP 403 from the target: key',
   '2026-11-19 03:00:00', '2026-11-19 03:00:02'),
  ('01KT000000000000000000000D', 'REPLICATE', 'DONE', 1, '01K0000000000000000000000B', 2, 1, 'admin/docs/a.txt', 1, 1,
   '2026-11-06 09:00:00', '2026-11-06 09:00:00', NULL, '2026-11-06 09:00:00', '2026-11-06 09:00:01');
INSERT INTO task_attempt (task_id, attempt, worker, source_node_id, target_node_id, outcome, detail, bytes, started_at,
                          ended_at) VALUES
  ('01KT000000000000000000000A', 4, 'w1', 1, 3, 'REFUSED_TARGET', 'connection refused', 0, '2026-11-20 12:00:00',
   '2026-11-20 12:00:00.1'),
  ('01KT000000000000000000000B', 9, 'w2', 3, 2, 'HTTP_TARGET_507', 'full', 1048576, '2026-11-08 09:04:00',
   '2026-11-08 09:04:01'),
  ('01KT000000000000000000000B', 10, 'w1', 3, 2, 'HTTP_TARGET_507', 'full', 1048576, '2026-11-08 09:08:30',
   '2026-11-08 09:08:31'),
  ('01KT000000000000000000000C', 1, 'w2', NULL, 1, 'HTTP_TARGET_403', 'key', 0, '2026-11-19 03:00:01',
   '2026-11-19 03:00:02'),
  ('01KT000000000000000000000D', 1, 'w1', 2, 1, 'DONE', '', 12, '2026-11-06 09:00:00', '2026-11-06 09:00:01');
INSERT INTO change_log (kind, path, blob_id, account_id, changed_at) VALUES
  ('MAKE_FOLDER', 'admin/docs', NULL, 1, '2026-11-01 08:00:00'),
  ('PUT', 'admin/docs/a.txt', '01K0000000000000000000000A', 1, '2026-11-05 09:00:00'),
  ('PUT', 'admin/docs/a.txt', '01K0000000000000000000000B', 1, '2026-11-06 09:00:00'),
  ('PUT', 'admin/docs/2026/bücher.pdf', '01K0000000000000000000000C', 1, '2026-11-07 09:00:00'),
  ('PUT', 'admin/only copy.iso', '01K0000000000000000000000D', 1, '2026-11-08 09:00:00'),
  ('PUT', 'mara/report.pdf', '01K0000000000000000000000E', 2, '2026-11-09 09:00:00');
-- 2,000 pictures in 20 folders, whole, on the three nodes; the last one has its origin only.
INSERT INTO blob_ (id, size, md5, sha256, created_at)
  SELECT CONCAT('01KP', LPAD(seq, 22, '0')), 100000 + seq, MD5(seq), SHA2(seq, 256), '2026-11-04 08:00:00'
  FROM seq_1_to_2000;
INSERT INTO file (id, folder_id, name, version_id, created_at)
  SELECT 1000 + seq, 101 + seq MOD 20, CONCAT('picture ', seq, '.jpg'), 1000 + seq, '2026-11-04 08:00:00'
  FROM seq_1_to_2000;
INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id, created_at)
  SELECT 1000 + seq, 1000 + seq, 1, CONCAT('01KP', LPAD(seq, 22, '0')), 'image/jpeg', 1, '2026-11-04 08:00:00'
  FROM seq_1_to_2000;
INSERT INTO replica (blob_id, node_id, priority, state, verified_at, changed_at)
  SELECT CONCAT('01KP', LPAD(pictures.seq, 22, '0')), 1 + (pictures.seq + copies.seq) MOD 3, copies.seq, 'VERIFIED',
         '2026-11-04 08:00:00' + INTERVAL pictures.seq SECOND, '2026-11-04 08:00:00'
  FROM seq_1_to_2000 pictures JOIN seq_0_to_2 copies
  WHERE pictures.seq < 2000 OR copies.seq = 0;
-- What happened to the nodes, and how full sn1 was.
INSERT INTO node_event (at, node_id, kind, was, becomes, detail, account_id) VALUES
  ('2026-11-03 08:00:00', NULL, 'LEADER', NULL, NULL, 'm1 leads the cluster now, with fencing token 1', NULL),
  ('2026-11-03 08:00:05', 1, 'STATUS', 'JOINING', 'VERIFYING', 'It answers.', NULL),
  ('2026-11-03 08:00:06', 1, 'STATUS', 'VERIFYING', 'RUNNING', 'It has proved what it holds.', NULL),
  ('2026-11-04 09:30:00', 3, 'STATUS', 'RUNNING', 'DOWN', 'It missed 3 heartbeats in a row.', NULL);
INSERT INTO node_sample (node_id, span_seconds, at, capacity_bytes, used_bytes, free_bytes, ping_micros, max_ping_micros)
VALUES (1, 3600, '2026-11-03 08:00:00', 4000000000000, 1000000000, 3900000000000, 900, 12000),
       (1, 3600, '2026-11-04 08:00:00', 4000000000000, 2000000000, 3800000000000, 900, 15000);
