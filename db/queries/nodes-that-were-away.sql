-- Question: Which nodes were away in the last 30 days, how often, and when was the last time?
-- When:     Every month: a node that is away again and again has a bad disk, cable or power supply.
-- Cost:     Reads all events of 30 days, a few thousand.
SELECT sn.name AS node, SUM(ev.becomes = 'DOWN') AS times_down, SUM(ev.becomes = 'FAILED') AS times_failed,
       MAX(ev.at) AS last_time
FROM node_event ev JOIN storage_node sn ON sn.id = ev.node_id
WHERE ev.kind = 'STATUS' AND ev.becomes IN ('DOWN', 'FAILED')
  AND ev.at > (SELECT MAX(at) FROM node_event) - INTERVAL 30 DAY
GROUP BY sn.name
ORDER BY COUNT(*) DESC, sn.name;
