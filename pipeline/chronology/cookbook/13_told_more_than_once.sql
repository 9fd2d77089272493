-- Which events are told by more than one document, and by which?
SELECT c.date_label, c.title, count(DISTINCT t.document_id) AS documents, list(DISTINCT t.source ORDER BY t.source) AS sources
FROM chronology c
JOIN tellings t ON t.group_id = c.event_id
GROUP BY c.event_id, c.date_from, c.date_label, c.title
HAVING count(DISTINCT t.document_id) > 1
ORDER BY documents DESC, c.date_from, c.event_id
