-- Events from $first, short of $end, with their tellings; of tellings of one page in the same words, the first.
WITH told AS (
    SELECT t.*, d.media_type, p.url
    FROM tellings t
    JOIN documents d USING (document_id)
    LEFT JOIN document_paths p ON p.document_id = d.document_id AND p.path = d.path
    WHERE t.group_id >= $first AND t.group_id < $end
    QUALIFY row_number() OVER (PARTITION BY t.group_id, t.document_id, t.page, t.excerpt ORDER BY t.rank, t.event_id) = 1
),
marked AS (
    SELECT event_id, list({start: m.start_char - e.start_char, stop: m.end_char - e.start_char, kind: m.kind}
                          ORDER BY m.start_char, m.end_char DESC, m.kind) AS marks
    FROM told t
    JOIN events e USING (event_id)
    JOIN mentions m ON m.document_id = e.document_id AND m.page = e.page
                   AND m.start_char >= e.start_char AND m.end_char <= e.end_char
    GROUP BY event_id
),
gathered AS (
    SELECT group_id, list({event_id: event_id, source: source, page: page, media_type: media_type, url: url,
                           date_label: date_label, certainty: certainty, excerpt: excerpt,
                           marks: coalesce(marks, [])} ORDER BY rank, event_id) AS tellings
    FROM told LEFT JOIN marked USING (event_id)
    GROUP BY group_id
)
SELECT c.* EXCLUDE (sources, telling_count, disagreement_count), tellings, coalesce(disagreements, []) AS disagreements
FROM chronology c
JOIN gathered g ON g.group_id = c.event_id
LEFT JOIN disputed x ON x.group_id = c.event_id
WHERE c.event_id >= $first AND c.event_id < $end
