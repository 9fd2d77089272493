-- Which persons are named with which bodies, and in which events?
SELECT p.name AS person, b.name AS body, count(*) AS events, min(c.date_from) AS first_event, max(c.date_to) AS last_event
FROM event_entities p
JOIN event_entities b ON b.group_id = p.group_id AND b.role = 'body'
JOIN chronology c ON c.event_id = p.group_id
WHERE p.role = 'person'
GROUP BY p.name, b.name
ORDER BY person, body
