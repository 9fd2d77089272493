-- Which are the largest sums in euros, how often are they named, and which words stand around them first? (in millions)
SELECT
    round(a.value / 1e6, 1)::DECIMAL(18, 1) AS millions,
    a.tax,
    count(*) AS times,
    count(DISTINCT m.document_id) AS documents,
    first(
        regexp_replace(trim(regexp_replace(
            substr(p.text, greatest(m.start_char - 60, 0) + 1, 160), '\s+', ' ', 'g')), '^\S*\s', '')
        ORDER BY d.path, m.page, m.start_char
    ) AS words,
    first(d.filename ORDER BY d.path, m.page, m.start_char) AS source,
    first(m.page ORDER BY d.path, m.page, m.start_char) AS page
FROM amounts a
JOIN mentions m USING (mention_id)
JOIN pages p USING (document_id, page)
JOIN documents d USING (document_id)
WHERE a.currency = 'EUR'
GROUP BY a.value, a.tax
ORDER BY a.value DESC, a.tax NULLS FIRST
LIMIT 10
