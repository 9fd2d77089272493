-- Which are the largest sums in euros, and which words stand around them?
SELECT
    a.value,
    a.tax,
    trim(regexp_replace(substr(p.text, greatest(m.start_char - 60, 0) + 1, 160), '\s+', ' ', 'g')) AS words,
    d.filename AS source,
    m.page
FROM amounts a
JOIN mentions m USING (mention_id)
JOIN pages p USING (document_id, page)
JOIN documents d USING (document_id)
WHERE a.currency = 'EUR'
ORDER BY a.value DESC, m.mention_id
LIMIT 10
