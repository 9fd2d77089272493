-- Which pages were mended most, so that their events deserve a look at the original?
SELECT d.filename AS source, p.page, p.method, round(p.quality, 2) AS quality, count(r.family) AS repairs,
       count(DISTINCT r.family) AS families, (SELECT count(*) FROM events e WHERE e.document_id = p.document_id AND e.page = p.page) AS events
FROM pages p
JOIN documents d USING (document_id)
LEFT JOIN repairs r USING (document_id, page)
GROUP BY ALL
ORDER BY repairs DESC, d.filename, p.page
LIMIT 15
