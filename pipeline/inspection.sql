-- What `chronoville inspect` asks of the archive about one document ($document).

-- name: sums
WITH changed AS (
    SELECT coalesce(sum(length(before)), 0) AS replaced, coalesce(sum(length(after)), 0) AS written
    FROM repairs
    WHERE document_id = $document
)
SELECT
    any_value(claimed_pages) AS pages_claimed,
    count(page) AS pages_stored,
    coalesce(sum(length(raw_text)), 0)::BIGINT AS characters_extracted,
    (characters_extracted - any_value(replaced))::BIGINT AS characters_kept,
    any_value(replaced)::BIGINT AS characters_replaced,
    any_value(written)::BIGINT AS characters_written,
    coalesce(sum(length(text)), 0)::BIGINT AS characters_in_text,
    (SELECT count(*) FROM doubts WHERE document_id = $document) AS doubts
FROM documents LEFT JOIN pages USING (document_id), changed
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
