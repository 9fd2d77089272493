-- How many dwellings, towers and slabs do the documents say were pulled down, event by event?
SELECT t.date_label, q.value, q.unit, t.title, t.certainty, t.source, t.page
FROM tellings t
JOIN events e USING (event_id)
JOIN mentions m ON m.document_id = e.document_id AND m.page = e.page
               AND m.start_char >= e.start_char AND m.end_char <= e.end_char
JOIN quantities q USING (mention_id)
WHERE t.kind = 'demolition' AND regexp_matches(q.unit, '^(logement|tour|barre|immeuble|bâtiment)')
ORDER BY t.date_from, t.event_id, m.start_char
