-- The table entities, made again from entity_claims.
-- A gazetteer's word stands before the corpus'; among equals, the name most mentions vote for, then the alphabet.
DELETE FROM entities;

INSERT INTO entities
WITH trusted AS (          -- where a gazetteer knows the identity, only its claims count
    SELECT * FROM entity_claims
    QUALIFY (source = 'corpus') = bool_and(source = 'corpus') OVER (PARTITION BY entity_id)
),
votes AS (
    SELECT entity_id, kind, name, acronym, valid_from, valid_to, insee_code, source, verified,
           sum(greatest(mention_count, 1)) AS weight
    FROM trusted
    GROUP BY ALL
),
named AS (
    SELECT entity_id, name, sum(weight) AS weight FROM votes GROUP BY ALL
),
winner AS (
    SELECT entity_id, name FROM named
    QUALIFY row_number() OVER (PARTITION BY entity_id ORDER BY weight DESC, name) = 1
),
facts AS (                 -- among the claims with the winning name first, then any that knows more
    SELECT entity_id,
           first(v.kind ORDER BY v.name = w.name DESC, weight DESC, v.kind) AS kind,
           first(acronym ORDER BY weight DESC, acronym) FILTER (acronym IS NOT NULL) AS acronym,
           first(valid_from ORDER BY weight DESC, valid_from) FILTER (valid_from IS NOT NULL) AS valid_from,
           first(valid_to ORDER BY weight DESC, valid_to) FILTER (valid_to IS NOT NULL) AS valid_to,
           first(insee_code ORDER BY weight DESC, insee_code) FILTER (insee_code IS NOT NULL) AS insee_code,
           min(source) AS source,
           bool_and(verified) AS verified
    FROM votes v JOIN winner w USING (entity_id)
    GROUP BY entity_id
),
other_names AS (
    SELECT entity_id, unnest(aliases) AS alias FROM entity_claims
    UNION
    SELECT entity_id, name FROM entity_claims
)
SELECT f.entity_id, f.kind, w.name, f.acronym,
       coalesce(list(DISTINCT o.alias ORDER BY o.alias)
                FILTER (o.alias <> w.name AND o.alias IS DISTINCT FROM f.acronym), []) AS aliases,
       f.valid_from, f.valid_to, f.insee_code, f.source, f.verified
FROM facts f
JOIN winner w USING (entity_id)
LEFT JOIN other_names o USING (entity_id)
GROUP BY ALL
ORDER BY f.kind, w.name, f.entity_id;
