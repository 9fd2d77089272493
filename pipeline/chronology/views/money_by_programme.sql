-- One row a programme, a year and a currency: sums of money named in the events of that programme and year, francs and euros apart. A sum told by several documents counts once an event. Sums of parts and of wholes stand side by side, so the total is what the documents name, not what was spent.
-- programme: canonical name
-- year: year in which the event began
-- currency: EUR or FRF; never converted
-- amount_count: sums named
-- total: their total, in units of the currency
-- largest: the largest of them
-- certainty: happened or planned
SELECT programme, year, currency, count(*) AS amount_count, sum(value) AS total, max(value) AS largest, certainty
FROM (
    SELECT DISTINCT p.name AS programme, year(c.date_from) AS year, a.currency, a.value, c.certainty, c.event_id
    FROM event_entities p
    JOIN chronology c ON c.event_id = p.group_id
    JOIN tellings t ON t.group_id = c.event_id
    JOIN event_participants x ON x.event_id = t.event_id AND x.role = 'amount'
    JOIN amounts a ON a.mention_id = x.mention_id
    WHERE p.role = 'programme'
)
GROUP BY programme, year, currency, certainty
ORDER BY programme, year, currency, certainty
