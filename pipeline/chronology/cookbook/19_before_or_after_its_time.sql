-- Which bodies take part in an event before they were created or after they were dissolved? (a slip, or a date to look at)
SELECT e.name AS body, e.valid_from, e.valid_to, c.date_label, c.label, c.source, c.page
FROM event_entities p
JOIN entities e ON e.entity_id = p.entity_id
JOIN chronology c ON c.event_id = p.group_id
WHERE p.role = 'body' AND (c.date_to < e.valid_from OR c.date_from > e.valid_to)
ORDER BY body, c.date_from, c.event_id
