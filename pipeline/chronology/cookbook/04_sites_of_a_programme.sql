-- Which sites entered the NPNRU, when, and on which page?
SELECT s.name AS site, c.date_label, c.label, c.source, c.page
FROM event_entities p
JOIN event_entities s ON s.group_id = p.group_id AND s.role = 'site'
JOIN chronology c ON c.event_id = p.group_id
LEFT JOIN entities e ON e.entity_id = p.entity_id
WHERE p.role = 'programme' AND (e.acronym = 'NPNRU' OR p.name = 'NPNRU')
ORDER BY site, c.date_from, c.event_id
