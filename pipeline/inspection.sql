-- What `chronoville inspect` asks of the archive about one document ($document).

-- name: sums
SELECT
    any_value(claimed_pages) AS pages_claimed,
    count(page) AS pages_stored,
    sum(length(raw_text)) AS characters_extracted,
    sum(length(text)) AS characters_in_text,
    (SELECT sum(length(before)) FROM repairs WHERE document_id = $document) AS characters_repaired,
    (SELECT sum(length(after)) FROM repairs WHERE document_id = $document) AS characters_written,
    (SELECT count(*) FROM doubts WHERE document_id = $document) AS doubts
FROM documents LEFT JOIN pages USING (document_id)
WHERE document_id = $document

-- name: pages
SELECT page, method, engine, needs_ocr, round(quality, 2) AS quality, raw_text, text
FROM pages
WHERE document_id = $document
ORDER BY page

-- name: repairs
SELECT family, count(*) AS changes, round(min(confidence), 2) AS least_sure
FROM repairs
WHERE document_id = $document
GROUP BY family
ORDER BY changes DESC, family

-- name: mentions
SELECT page, m.kind, surface, e.name AS entity, method, round(confidence, 2) AS sure, x0, y0, x1, y1
FROM mentions AS m
LEFT JOIN entities AS e USING (entity_id)
WHERE m.document_id = $document
ORDER BY page, start_char, m.kind

-- name: events
SELECT page, date_from, date_to, kind, certainty, round(confidence, 2) AS sure, excerpt
FROM events
WHERE document_id = $document
ORDER BY page, start_char, event_id
