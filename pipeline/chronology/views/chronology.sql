-- One row an event, told by one document or several: the date is that of the most precise telling, the words those of the telling that reads best, the participants those of all, and every source is listed. Events told with a confidence under one half only are left to the view tellings, where the others stand too. The tellings themselves are in the view tellings. Ordered by date.
-- date_from: first day it can have happened
-- date_to: last day, inclusive
-- date_label: the date in French
-- label: date and event in a line: the document's own words, canonical names, additions in brackets
-- bodies: canonical names of the bodies that took part
-- programmes: canonical names of the programmes
-- sites: canonical names of the sites
-- places: canonical names of the places
-- certainty: happened where any telling says so, else planned (decided for a stated time)
-- excerpt: the words of the telling that reads best
-- source: its file name
-- page: its page number, from 1
-- document_id: its document
-- event_id: the telling itself
-- title: the label without its date
-- kind: launch, selection, signature...
-- precision: how precisely the words fix the date
-- persons: canonical names of the persons
-- laws: canonical names of the laws
-- amounts: sums of money, as written
-- sources: file name and page of every telling
-- telling_count: how many times it is told
-- disagreement_count: points on which tellings do not agree; see the view disagreements
-- confidence: the finder's own, 0 to 1
WITH precise AS (
    SELECT group_id, date_label, precision FROM tellings
    QUALIFY row_number() OVER (PARTITION BY group_id ORDER BY date_to - date_from, rank, event_id) = 1
),
dated AS ( -- a sentence on two dates that touch has one label, and a telling for each
    SELECT
        group_id, date_label, min(t.date_from) AS date_from, max(t.date_to) AS date_to,
        CASE WHEN count(DISTINCT t.date_from) > 1 THEN 'range' ELSE any_value(p.precision) END AS precision
    FROM precise p JOIN tellings t USING (group_id, date_label)
    GROUP BY group_id, date_label
),
told AS (
    SELECT
        group_id,
        CASE WHEN bool_or(certainty = 'happened') THEN 'happened' ELSE 'planned' END AS certainty,
        list(source || ', p. ' || page ORDER BY rank, event_id) AS sources,
        count(*) AS telling_count
    FROM tellings
    GROUP BY group_id
    HAVING max(confidence) >= 0.5 -- a date that a text only weighs against others stays in events
),
who AS (
    SELECT
        group_id,
        coalesce(list(DISTINCT name ORDER BY name) FILTER (role = 'body'), []) AS bodies,
        coalesce(list(DISTINCT name ORDER BY name) FILTER (role = 'programme'), []) AS programmes,
        coalesce(list(DISTINCT name ORDER BY name) FILTER (role = 'site'), []) AS sites,
        coalesce(list(DISTINCT name ORDER BY name) FILTER (role = 'place'), []) AS places,
        coalesce(list(DISTINCT name ORDER BY name) FILTER (role = 'person'), []) AS persons,
        coalesce(list(DISTINCT name ORDER BY name) FILTER (role = 'law'), []) AS laws,
        coalesce(list(DISTINCT name ORDER BY name) FILTER (role = 'amount'), []) AS amounts
    FROM event_entities
    GROUP BY group_id
),
disputed AS (
    SELECT group_id, count(DISTINCT (x.event_id, x.other_event_id, x.subject)) AS disagreement_count
    FROM (SELECT *, unnest([event_id, other_event_id]) AS telling_id FROM event_disagreements) x
    JOIN tellings t ON t.event_id = x.telling_id
    GROUP BY group_id
)
SELECT
    d.date_from,
    d.date_to,
    d.date_label,
    upper(d.date_label[1]) || d.date_label[2:] || ' — ' || e.title AS label,
    coalesce(w.bodies, []) AS bodies,
    coalesce(w.programmes, []) AS programmes,
    coalesce(w.sites, []) AS sites,
    coalesce(w.places, []) AS places,
    t.certainty,
    e.excerpt,
    e.source,
    e.page,
    e.document_id,
    group_id AS event_id, -- the same; by this name a filter reaches every part
    e.title,
    e.kind,
    d.precision,
    coalesce(w.persons, []) AS persons,
    coalesce(w.laws, []) AS laws,
    coalesce(w.amounts, []) AS amounts,
    t.sources,
    t.telling_count,
    coalesce(x.disagreement_count, 0) AS disagreement_count,
    e.confidence
FROM tellings e
JOIN dated d USING (group_id)
JOIN told t USING (group_id)
LEFT JOIN who w USING (group_id)
LEFT JOIN disputed x USING (group_id)
WHERE e.rank = 1
ORDER BY d.date_from, d.date_to, e.event_id
