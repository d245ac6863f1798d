-- Every prediction with what came of it.
SELECT prediction, at, horizon, subject, anyLast(among) AS among,
       argMin(probability, settled) AS probability, argMin(uncorrected, settled) AS uncorrected,
       if(max(settled), max(happened), NULL) AS happened,
       maxIfOrNull(received_at, settled) AS settled_at
FROM predictions
GROUP BY prediction, at, horizon, subject
