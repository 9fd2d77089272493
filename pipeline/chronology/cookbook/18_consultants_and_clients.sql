-- Which studies and missions name their client and their contractors?
SELECT
    r.object AS mission,
    list(DISTINCT r.subject ORDER BY r.subject) FILTER (r.predicate = 'client') AS clients,
    list(DISTINCT r.subject ORDER BY r.subject) FILTER (r.predicate = 'contractor') AS contractors,
    d.filename AS source
FROM relations r
JOIN documents d USING (document_id)
WHERE r.predicate IN ('client', 'contractor')
GROUP BY mission, d.filename
ORDER BY mission, d.filename
