-- How long after the first signature do works or demolitions begin on each site?
WITH signed AS (
    SELECT site, min(date_from) AS signed FROM site_history WHERE kind = 'signature' AND certainty = 'happened' GROUP BY site
),
begun AS (
    SELECT h.site, min(h.date_from) AS begun
    FROM site_history h
    JOIN signed s ON s.site = h.site AND h.date_from > s.signed
    WHERE h.kind IN ('works_start', 'demolition', 'rehabilitation', 'construction', 'delivery')
    GROUP BY h.site
)
SELECT site, signed, begun, round((begun - signed) / 365.25, 1) AS years
FROM signed
JOIN begun USING (site)
ORDER BY years, site
