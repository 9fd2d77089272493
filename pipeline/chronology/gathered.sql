-- What each telling needs to be compared and worded, in the order of told_order (event_id, place).

CREATE OR REPLACE TEMP TABLE told_actors AS
SELECT o.place, row_number() OVER (PARTITION BY o.place ORDER BY p.rowid) AS position, p.role, p.entity_id, p.surface,
       n.name, n.acronym,
       CASE WHEN m.page = e.page THEN m.start_char END AS start_char,
       CASE WHEN m.page = e.page THEN m.end_char END AS end_char
FROM event_participants p
JOIN told_order o USING (event_id)
JOIN events e USING (event_id)
LEFT JOIN mentions m USING (mention_id)
LEFT JOIN entities n ON n.entity_id = p.entity_id
ORDER BY ALL;

-- The words of an event's date, then those of a longer stretch around it (« onze ans plus tard, le 11 octobre »).
CREATE OR REPLACE TEMP TABLE told_dates AS
SELECT o.place, row_number() OVER (PARTITION BY o.place ORDER BY d.date_to - d.date_from, m.start_char) AS position,
       m.start_char, m.end_char
FROM events e
JOIN told_order o USING (event_id)
JOIN mentions m ON m.document_id = e.document_id AND m.page = e.page AND m.kind = 'date'
               AND m.start_char >= e.start_char AND m.end_char <= e.end_char
JOIN dates d USING (mention_id)
WHERE d.date_from <= e.date_from AND d.date_to >= e.date_to
ORDER BY ALL;

CREATE OR REPLACE TEMP TABLE told_words AS
SELECT o.place, w.position, w.start_char, substr(p.text, w.start_char + 1, w.end_char - w.start_char) AS text, w.added
FROM event_words w
JOIN told_order o USING (event_id)
JOIN events e USING (event_id)
JOIN pages p USING (document_id, page)
ORDER BY ALL;

CREATE OR REPLACE TEMP TABLE told AS
WITH bare AS (              -- « le comité » at the head of a line
    SELECT event_id, document_id, page, start_char,
           lower(regexp_extract(excerpt, '^(?:[Ee]n [0-9]{4}, )?(?:[Ll][ea] |[Ll][’''])([a-zà-ÿ]{4,}) ', 1)) AS noun
    FROM events
),
antecedents AS (            -- what it stands for: the last name before it that begins with the same noun
    SELECT b.event_id, arg_max(coalesce(n.acronym, n.name), (m.page, m.start_char)) AS antecedent
    FROM bare b
    JOIN mentions m ON m.document_id = b.document_id AND (m.page, m.start_char) < (b.page, b.start_char)
    JOIN entities n ON n.entity_id = m.entity_id AND starts_with(lower(n.name), b.noun || ' ')
    WHERE b.noun <> '' AND m.kind IN ('body', 'programme')
    GROUP BY b.event_id
),
headings AS (
    SELECT h.event_id, any_value(substr(p.text, h.start_char + 1, h.end_char - h.start_char)) AS heading
    FROM event_headings h
    JOIN events e USING (event_id)
    JOIN pages p ON p.document_id = e.document_id AND p.page = h.page
    GROUP BY h.event_id
),
named AS (                  -- who is named as client or in the team of a document's mission
    SELECT r.document_id, r.predicate, coalesce(any_value(n.acronym), any_value(n.name), r.subject) AS name,
           min(r.rowid) AS place
    FROM relations r LEFT JOIN entities n ON n.entity_id = r.subject_id
    WHERE r.predicate IN ('client', 'contractor')
    GROUP BY r.document_id, r.predicate, r.subject
),
missions AS (
    SELECT document_id, true AS mission,
           coalesce(list(name ORDER BY place) FILTER (predicate = 'client'), []) AS clients,
           coalesce(list(name ORDER BY place) FILTER (predicate = 'contractor'), []) AS team
    FROM named
    GROUP BY document_id
)
SELECT o.place, e.event_id, e.document_id, e.page, e.start_char, e.end_char, e.excerpt, e.kind, e.date_from, e.date_to,
       e.precision, e.certainty, d.title, e.trigger_word, a.antecedent, h.heading,
       coalesce(m.mission, false) AS mission, m.clients, m.team
FROM events e
JOIN told_order o USING (event_id)
JOIN documents d USING (document_id)
LEFT JOIN antecedents a USING (event_id)
LEFT JOIN headings h USING (event_id)
LEFT JOIN missions m USING (document_id)
ORDER BY ALL;
