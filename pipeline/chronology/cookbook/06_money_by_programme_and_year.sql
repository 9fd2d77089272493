-- How much money do the documents name, by programme and year, francs and euros apart? (in millions)
SELECT
    programme,
    year,
    currency,
    certainty,
    amount_count AS sums,
    round(largest / 1e6, 1)::DECIMAL(18, 1) AS largest_millions,
    round(total / 1e6, 1)::DECIMAL(18, 1) AS total_millions
FROM money_by_programme
ORDER BY programme, year, currency, certainty
