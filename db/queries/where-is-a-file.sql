-- Question: Where is every copy of this file, and when was each last verified?
-- When:     Somebody asks whether a file is safe, or you want to fetch it from a disk by hand.
-- Cost:     Four indexed reads and one per copy; milliseconds whatever the size of the catalog.
-- Ask:      SET @file = 'namespace/path' before (the default is only an example).
SET @file = COALESCE(@file, 'admin/docs/a.txt');
SET @namespace = SUBSTRING_INDEX(@file, '/', 1), @name = SUBSTRING_INDEX(@file, '/', -1);
-- What is between the two is the folder; replica_location is quick by folder and name, not by path.
SET @folder = SUBSTRING(@file, CHAR_LENGTH(@namespace) + 2,
                        CHAR_LENGTH(@file) - CHAR_LENGTH(@namespace) - CHAR_LENGTH(@name) - 2);
SELECT role, priority, node, state, verified_at, node_status, version, blob_id, size, sha256
FROM replica_location
WHERE namespace = @namespace AND folder = @folder AND name = @name
ORDER BY priority;
