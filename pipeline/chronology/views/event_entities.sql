-- One row an event of the chronology and one of its participants, from whichever telling names it.
-- group_id: the event: event_id of the telling that words it
-- role: body, programme, site, place, person, law or amount
-- entity_id: who or what is meant; NULL where unlinked
-- name: canonical name, or the words as they stand where unlinked
SELECT DISTINCT
    t.group_id,
    p.role,
    p.entity_id,
    coalesce(n.name, regexp_replace(p.surface, '\s+', ' ', 'g')) AS name
FROM tellings t
JOIN event_participants p USING (event_id)
LEFT JOIN entities n ON n.entity_id = p.entity_id
ORDER BY ALL
