-- Question: How much does everybody keep?
-- When:     Quotas are set or space is accounted for. Quotas bound all_versions_bytes; stored_bytes counts
--           every verified copy of every version.
-- Cost:     Reads every file and every copy: about a minute and a half per million files, so not in working hours.
SELECT user_name, role, namespaces, files, bytes, all_versions_bytes, stored_bytes
FROM user_usage
ORDER BY stored_bytes DESC, user_name;
