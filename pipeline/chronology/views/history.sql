-- One row a {role} and one of its events, with source and page. Ordered by name, then date.
-- entity_id: the {role}; NULL where unlinked
-- {role}: canonical name, or the words as they stand where unlinked
-- date_from: first day the event can have happened
-- date_to: last day, inclusive
-- date_label: the date in French
-- label: date and event in a line
-- kind: launch, selection, signature...
-- certainty: happened or planned
-- excerpt: the words of the telling that reads best
-- source: its file name
-- page: its page number, from 1
-- document_id: its document
-- event_id: the telling itself
SELECT
    p.entity_id,
    p.name AS {role},
    c.date_from,
    c.date_to,
    c.date_label,
    c.label,
    c.kind,
    c.certainty,
    c.excerpt,
    c.source,
    c.page,
    c.document_id,
    c.event_id
FROM event_entities p
JOIN chronology c ON c.event_id = p.group_id
WHERE p.role = '{role}'
ORDER BY p.name, p.entity_id, c.date_from, c.date_to, c.event_id
