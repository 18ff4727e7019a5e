-- What a cluster of the schema V7 has besides the sample: whatever its masters have written on the way. Sessions are
-- looked up, nodes speak plain HTTP, nobody has a quota or shares anything.
INSERT INTO account (id, name, password_hash, role, created_at) VALUES
  (4, 'without.files', '$argon2id$none', 'USER', '2026-11-04 08:00:00');
INSERT INTO namespace (id, name, owner_id, replica_count, placement, durability, created_at) VALUES
  (3, 'empty', 1, 2, 'RANDOM', 1, '2026-11-03 08:00:00');
INSERT INTO folder (id, namespace_id, parent_id, name, path, path_sha256, created_at) VALUES
  (6, 3, NULL, '', '', SHA2('', 256), '2026-11-03 08:00:00');
INSERT INTO session (token_sha256, account_id, created_at, expires_at) VALUES
  (SHA2('a token', 256), 1, '2026-11-20 08:00:00', '2026-11-20 20:00:00');
INSERT INTO change_log (seq, kind, path, blob_id, dropped_blob_id, account_id, changed_at) VALUES
  (1, 'PUT', 'admin/docs/a.txt', '01K0000000000000000000000A', NULL, 1, '2026-11-05 09:00:00'),
  (2, 'PUT', 'admin/docs/a.txt', '01K0000000000000000000000B', '01K0000000000000000000000A', 1, '2026-11-06 09:00:00'),
  (NULL, 'DELETE', 'admin/gone', NULL, '01K0000000000000000000000F', 1, '2026-11-20 11:13:00');
INSERT INTO node_event (at, node_id, kind, was, becomes, detail, account_id) VALUES
  ('2026-11-20 11:14:04', 3, 'STATUS', 'RUNNING', 'DOWN', 'sn3 has missed 3 heartbeats', NULL),
  ('2026-11-20 11:15:00', 3, 'ADMIN', 'IN_SERVICE', 'DRAINING', 'admin drains sn3', 1);
INSERT INTO node_sample (node_id, span_seconds, at, capacity_bytes, used_bytes, free_bytes, ping_micros, max_ping_micros)
VALUES (1, 300, '2026-11-19 12:00:00', 1000000000000, 400000000000, 600000000000, 700, 1900);
INSERT INTO copy_check (id, kind, node_id, namespace, path, mode, state, phase, started_at, updated_at) VALUES
  ('01K1000000000000000000000A', 'DEMAND', NULL, 'admin', 'docs', 'FULL', 'FAILED', 'DIGESTS', '2026-11-19 03:00:00',
   '2026-11-19 03:01:00');
INSERT INTO check_finding (check_id, node_id, found_at, what, name, path) VALUES
  ('01K1000000000000000000000A', 1, '2026-11-19 03:00:30', 'WRONG_BYTES', '01K0000000000000000000000D',
   'admin/only copy.iso');
INSERT INTO walk (kind, subject_id, stage, position, looked, planned, dropped, without_place, blocked, began_at, next_at)
VALUES ('LEAVING', 3, 2, '01K0000000000000000000000B', 2, 1, 0, 0, 0, '2026-11-20 11:15:00', '2026-11-20 11:16:00');
INSERT INTO rebalance_move (from_node_id, to_node_id, bytes, bytes_begun, copies_begun, position, done, began_at) VALUES
  (2, 1, 70000000000, 7340032, 1, '01K0000000000000000000000C', FALSE, '2026-11-20 10:00:00');
INSERT INTO task_pause (kind, account_id, reason, paused_at) VALUES
  ('DELETE', 1, 'somebody looks for a lost file', '2026-11-20 09:00:00');
