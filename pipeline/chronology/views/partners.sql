-- One row a pair of bodies: who works with whom, by the events they share and the partnerships that documents state.
-- body: canonical name, first in the alphabet
-- other_body: canonical name of the other
-- event_count: events of the chronology in which both take part
-- stated_count: partnerships that documents state (partner_of)
-- first_year: year of the first event they share
-- last_year: year of the last
WITH together AS (
    SELECT a.name AS body, b.name AS other_body, c.event_id, year(c.date_from) AS first_year, year(c.date_to) AS last_year
    FROM event_entities a
    JOIN event_entities b ON a.group_id = b.group_id AND b.role = 'body' AND a.name < b.name
    JOIN chronology c ON c.event_id = a.group_id
    WHERE a.role = 'body'
),
stated AS (
    SELECT
        least(coalesce(s.name, r.subject), coalesce(o.name, r.object)) AS body,
        greatest(coalesce(s.name, r.subject), coalesce(o.name, r.object)) AS other_body,
        count(*) AS stated_count
    FROM relations r
    LEFT JOIN entities s ON s.entity_id = r.subject_id
    LEFT JOIN entities o ON o.entity_id = r.object_id
    WHERE r.predicate = 'partner_of'
    GROUP BY ALL
),
counted AS (
    SELECT body, other_body, count(DISTINCT event_id) AS event_count, min(first_year) AS first_year, max(last_year) AS last_year
    FROM together
    GROUP BY body, other_body
)
SELECT
    body, other_body, coalesce(c.event_count, 0) AS event_count, coalesce(s.stated_count, 0) AS stated_count,
    c.first_year, c.last_year
FROM counted c
FULL JOIN stated s USING (body, other_body)
ORDER BY event_count DESC, stated_count DESC, body, other_body
