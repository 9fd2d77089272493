-- Which sites went through more than one programme?
SELECT s.name AS site, count(DISTINCT p.name) AS programmes, list(DISTINCT p.name ORDER BY p.name) AS names
FROM event_entities s
JOIN event_entities p ON p.group_id = s.group_id AND p.role = 'programme'
WHERE s.role = 'site'
GROUP BY s.name
HAVING count(DISTINCT p.name) > 1
ORDER BY programmes DESC, site
