-- What was planned for a day that has passed when the last document was written, and is nowhere told as done?
SELECT c.date_label, c.label, c.source, c.page
FROM chronology c
WHERE c.certainty = 'planned'
  AND c.date_to < (SELECT max(date_to) FROM chronology WHERE certainty = 'happened')
  AND NOT EXISTS ( -- an event of the same kind, in that time, with one of its sites or places
      SELECT 1 FROM chronology done
      WHERE done.certainty = 'happened' AND done.kind = c.kind
        AND done.date_from <= c.date_to AND done.date_to >= c.date_from
        AND list_has_any(list_concat(done.sites, done.places), list_concat(c.sites, c.places))
  )
ORDER BY c.date_from, c.event_id
