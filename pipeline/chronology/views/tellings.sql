-- One row a telling: what one document says of an event, and which event of the chronology it tells. Ordered by date.
-- date_from: first day the telling allows
-- date_to: last day, inclusive
-- date_label: the date in French
-- label: date and telling in a line
-- title: the telling in a line, without its date: its own words, canonical names, additions in brackets
-- kind: launch, selection, signature...
-- precision: how precisely the words fix the date
-- certainty: happened, or planned (decided for a stated time)
-- excerpt: the document's own words
-- source: file name
-- page: page number, from 1
-- document_id: the document
-- event_id: the telling
-- group_id: the event it tells: event_id of the telling that words it
-- rank: 1 for the telling whose words the chronology shows
-- confidence: the finder's own, 0 to 1
SELECT
    e.date_from,
    e.date_to,
    coalesce(g.date_label, e.date_from || ' / ' || e.date_to) AS date_label,
    coalesce(g.label, e.excerpt) AS label,
    coalesce(g.title, e.excerpt) AS title,
    e.kind,
    e.precision,
    e.certainty,
    e.excerpt,
    d.filename AS source,
    e.page,
    e.document_id,
    e.event_id,
    coalesce(g.group_id, e.event_id) AS group_id,
    coalesce(g.rank, 1) AS rank,
    e.confidence
FROM events e
JOIN documents d USING (document_id)
LEFT JOIN event_groups g USING (event_id)
ORDER BY e.date_from, e.date_to, e.event_id
