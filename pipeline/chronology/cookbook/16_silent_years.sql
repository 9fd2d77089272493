-- Where is the archive silent: the longest stretches of years in which nothing is told?
WITH told AS (
    SELECT DISTINCT year(date_from) AS year FROM chronology
),
gaps AS (
    SELECT lag(year) OVER (ORDER BY year) AS last_told, year AS told_again FROM told
)
SELECT last_told, told_again, told_again - last_told - 1 AS silent_years
FROM gaps
WHERE told_again - last_told > 1
ORDER BY silent_years DESC, last_told
LIMIT 10
