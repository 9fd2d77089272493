-- On which laws and decrees do events rest, and since when?
SELECT l.name AS law, count(*) AS events, min(c.date_from) AS first_event, list(DISTINCT c.kind ORDER BY c.kind) AS kinds
FROM event_entities l
JOIN chronology c ON c.event_id = l.group_id
WHERE l.role = 'law'
GROUP BY l.name
ORDER BY events DESC, law
