-- Which bodies act together most often, and between which years?
SELECT body, other_body, event_count, stated_count, first_year, last_year
FROM partners
ORDER BY event_count DESC, stated_count DESC, body, other_body
LIMIT 20
