-- One row a point on which two tellings that seem to be of one event do not agree. Nothing is settled: both stand.
-- subject: date, amount or certainty
-- value: what the first telling says
-- other_value: what the second says
-- label: the first telling in a line
-- other_label: the second
-- source: file name of the first
-- page: its page
-- other_source: file name of the second
-- other_page: its page
-- same_event: true where the chronology holds both for one event; false where it keeps two because of the dates
-- event_id: the first telling
-- other_event_id: the second
SELECT
    x.subject, x.value, x.other_value, a.label, b.label AS other_label, a.source, a.page,
    b.source AS other_source, b.page AS other_page, a.group_id = b.group_id AS same_event, x.event_id, x.other_event_id
FROM event_disagreements x
JOIN tellings a ON a.event_id = x.event_id
JOIN tellings b ON b.event_id = x.other_event_id
ORDER BY a.date_from, x.event_id, x.other_event_id, x.subject
