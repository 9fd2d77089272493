-- One row a body and the body it took over from, with who says so.
-- predecessor: canonical name of the earlier body
-- successor: canonical name of the later body
-- since: first day of the later body, where known
-- said_by: documents that say so
-- source: file name of the first document that says so, or the gazetteer's citation
-- page: its page; NULL for a gazetteer
-- excerpt: the words that say so
-- predecessor_id: the earlier body; NULL where unlinked
-- successor_id: the later body; NULL where unlinked
WITH stated AS (
    SELECT
        r.*, d.path, coalesce(d.filename, r.source) AS origin,
        coalesce(o.name, r.object) AS predecessor, coalesce(s.name, r.subject) AS successor, s.valid_from AS since
    FROM relations r
    LEFT JOIN entities s ON s.entity_id = r.subject_id
    LEFT JOIN entities o ON o.entity_id = r.object_id
    LEFT JOIN documents d USING (document_id)
    WHERE r.predicate = 'successor_of' AND coalesce(s.kind, o.kind, 'body') = 'body'
)
SELECT
    predecessor, successor, min(since) AS since, count(DISTINCT document_id) AS said_by,
    first(origin ORDER BY path NULLS LAST, page) AS source,
    first(page ORDER BY path NULLS LAST, page) AS page,
    first(excerpt ORDER BY path NULLS LAST, page) AS excerpt,
    object_id AS predecessor_id, subject_id AS successor_id
FROM stated
GROUP BY predecessor, successor, predecessor_id, successor_id
ORDER BY predecessor, successor, predecessor_id, successor_id
