-- What the tellings of an event do not agree on, in words, by group.
CREATE OR REPLACE TEMP TABLE disputed AS
SELECT group_id, list(DISTINCT words ORDER BY words) AS disagreements
FROM (
    SELECT unnest([event_id, other_event_id]) AS event_id,
           CASE subject WHEN 'date' THEN 'Date' WHEN 'amount' THEN 'Montant' ELSE 'Réalisation' END || ' : '
           || replace(replace(value, 'happened', 'réalisé'), 'planned', 'prévu')
           || ' (' || source || ', p. ' || page || ') ; '
           || replace(replace(other_value, 'happened', 'réalisé'), 'planned', 'prévu')
           || ' (' || other_source || ', p. ' || other_page || ')' AS words
    FROM disagreements
)
JOIN (SELECT event_id, group_id FROM tellings) USING (event_id)
GROUP BY group_id
