-- One row a site and the place it lies in, where a document or the gazetteer says so.
-- commune: canonical name of the place
-- insee_code: INSEE code of the place; NULL where unknown
-- site: canonical name of the site
-- site_id: the site; NULL where unlinked
-- said_by: documents that say so
-- source: file name of the first document that says so; NULL where only a gazetteer does
-- page: its page
WITH located AS (
    SELECT
        coalesce(o.name, r.object) AS commune, o.insee_code, coalesce(s.name, r.subject) AS site, r.subject_id AS site_id,
        r.document_id, d.filename AS source, r.page, d.path
    FROM relations r
    LEFT JOIN entities s ON s.entity_id = r.subject_id
    LEFT JOIN entities o ON o.entity_id = r.object_id
    LEFT JOIN documents d USING (document_id)
    WHERE r.predicate = 'located_in' AND coalesce(s.kind, 'site') = 'site'
)
SELECT
    commune, insee_code, site, site_id, count(DISTINCT document_id) AS said_by,
    first(source ORDER BY path, page) FILTER (source IS NOT NULL) AS source,
    first(page ORDER BY path, page) FILTER (source IS NOT NULL) AS page
FROM located
GROUP BY commune, insee_code, site, site_id
ORDER BY commune, insee_code, site, site_id
