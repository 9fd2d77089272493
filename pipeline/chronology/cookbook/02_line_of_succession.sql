-- From which body does each body descend, back to the first of its line?
WITH RECURSIVE line AS (
    SELECT predecessor AS founder, successor AS body, [predecessor, successor] AS path
    FROM body_succession
    WHERE predecessor NOT IN (SELECT successor FROM body_succession)
    UNION ALL
    SELECT l.founder, s.successor, list_append(l.path, s.successor)
    FROM line l
    JOIN body_succession s ON s.predecessor = l.body
    WHERE NOT list_contains(l.path, s.successor)
)
SELECT founder, body, array_to_string(path, ' → ') AS line
FROM line
ORDER BY founder, len(path), line
