-- What kinds of events does each decade hold?
SELECT
    year(date_from) // 10 * 10 AS decade,
    kind,
    count(*) AS events,
    count(*) FILTER (certainty = 'planned') AS planned
FROM chronology
GROUP BY decade, kind
ORDER BY decade, events DESC, kind
