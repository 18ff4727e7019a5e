-- Question: How much room do older versions take, in which namespaces, and how many does a namespace keep?
-- When:     Space runs short, or before versions_kept of a namespace is changed. stored_bytes counts every verified copy.
-- Cost:     Reads every version once, and the copies of the older ones: about 5 s per million versions.
SELECT ns.name AS namespace, ns.versions_kept, COUNT(DISTINCT fi.id) AS files, COUNT(*) AS older_versions,
       SUM(bl.size) AS bytes,
       SUM(bl.size * (SELECT COUNT(*) FROM replica re WHERE re.blob_id = bl.id AND re.state = 'VERIFIED'))
         AS stored_bytes
FROM file_version ve
JOIN file fi ON fi.id = ve.file_id AND fi.version_id <> ve.id
JOIN blob_ bl ON bl.id = ve.blob_id
JOIN folder fo ON fo.id = fi.folder_id
JOIN namespace ns ON ns.id = fo.namespace_id
GROUP BY ns.id, ns.name, ns.versions_kept
ORDER BY bytes DESC, namespace;
