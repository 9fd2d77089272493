-- Which events are told by more than one document, and by which?
SELECT date_label, title, telling_count, sources
FROM chronology
WHERE telling_count > 1
ORDER BY telling_count DESC, date_from, event_id
