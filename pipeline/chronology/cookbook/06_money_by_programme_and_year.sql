-- How much money do the documents name, by programme and year, francs and euros apart?
SELECT programme, year, currency, certainty, amount_count, total, largest
FROM money_by_programme
ORDER BY programme, year, currency, certainty
