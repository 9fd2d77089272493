-- Which sites does the archive know in each commune?
SELECT commune, insee_code, count(*) AS sites, list(site ORDER BY site) AS names
FROM sites_by_commune
GROUP BY commune, insee_code
ORDER BY sites DESC, commune
