-- What happened at Lens, in its sites as in the town, in order?
SELECT DISTINCT c.date_from, c.date_label, c.title, c.sites, c.source, c.page, c.event_id
FROM chronology c
LEFT JOIN sites_by_commune s ON list_contains(c.sites, s.site)
WHERE list_contains(c.places, 'Lens') OR s.commune = 'Lens' OR list_contains(c.bodies, 'Ville de Lens')
ORDER BY c.date_from, c.event_id
