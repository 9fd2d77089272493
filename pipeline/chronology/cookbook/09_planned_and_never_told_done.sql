-- What was planned for a day that has passed when the last document was written, and is nowhere told as done?
SELECT date_label, label, source, page
FROM chronology
WHERE certainty = 'planned'
  AND date_to < (SELECT max(date_to) FROM chronology WHERE certainty = 'happened')
ORDER BY date_from, event_id
