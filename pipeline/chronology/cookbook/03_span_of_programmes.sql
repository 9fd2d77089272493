-- Over which years does the archive follow each programme, and with how many events?
SELECT
    programme,
    min(year(date_from)) AS first_year,
    max(year(date_to)) AS last_year,
    count(*) AS events,
    count(*) FILTER (certainty = 'planned') AS planned
FROM programme_history
GROUP BY programme
ORDER BY events DESC, programme
