-- What did the DIACT do, year by year, and where is it written?
SELECT h.date_label, h.label, h.source, h.page
FROM body_history h
JOIN entities e USING (entity_id)
WHERE e.acronym = 'DIACT' OR e.name ILIKE '%DIACT%'
ORDER BY h.date_from, h.date_to, h.event_id
