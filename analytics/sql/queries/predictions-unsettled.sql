-- Which predictions of a kind count up to a moment that is past, and are not settled yet? What was said together, together.
SELECT toUnixTimestamp64Milli(at) AS saidAt, toUnixTimestamp64Milli(horizon) AS horizonAt,
       groupArray(subject) AS subjects, groupArray(probability) AS probabilities, groupArray(uncorrected) AS uncorrecteds,
       groupArray(among) AS amongs
FROM (
    SELECT DISTINCT at, horizon, subject, probability, uncorrected, among
    FROM predictions
    WHERE prediction = {prediction:String} AND NOT settled
      AND horizon >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND horizon <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
      AND (at, horizon, subject) NOT IN (
          SELECT at, horizon, subject
          FROM predictions
          WHERE prediction = {prediction:String} AND settled
            AND horizon >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
            AND horizon <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
      )
    ORDER BY horizon, at, subject
    LIMIT {limit:UInt32}
)
GROUP BY saidAt, horizonAt
ORDER BY horizonAt, saidAt
