-- On what do two documents not agree?
SELECT subject, value, source, page, other_value, other_source, other_page, label
FROM disagreements
ORDER BY label, subject, other_source
