-- How often did what was said come true, by tenths of what was said, and how far off was it? Beside it what habit says: the
-- share that had happened among the same before, by what was settled when it was said, drawn towards all (see climatology in
-- analytics/predictions/reliability.ts).
WITH rows AS (
    SELECT DISTINCT at, horizon, subject, among, probability, uncorrected, happened, 1 AS every
    FROM predictions
    WHERE prediction = {prediction:String} AND settled
      AND horizon >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND horizon <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
      AND horizon - at >= {aheadMin:Float64} * 3600 AND horizon - at <= {aheadMax:Float64} * 3600
      AND ({among:String} = '' OR among = {among:String})
),
own AS (
    SELECT among, horizon AS until, sum(count()) OVER (PARTITION BY among ORDER BY horizon) AS own_settled,
           sum(sum(happened)) OVER (PARTITION BY among ORDER BY horizon) AS own_happened
    FROM rows
    GROUP BY among, horizon
),
everyone AS (
    SELECT 1 AS every, horizon AS until, sum(count()) OVER (ORDER BY horizon) AS all_settled,
           sum(sum(happened)) OVER (ORDER BY horizon) AS all_happened
    FROM rows
    GROUP BY horizon
),
judged AS (
    SELECT rows.probability AS said, rows.uncorrected AS worked_out, toFloat64(rows.happened) AS outcome,
           (all_happened + 1) / (all_settled + 2) AS usual, (own_happened + usual * 2) / (own_settled + 2) AS habit
    FROM rows
    ASOF LEFT JOIN own ON rows.among = own.among AND rows.at >= own.until
    ASOF LEFT JOIN everyone ON rows.every = everyone.every AND rows.at >= everyone.until
)
SELECT least(9, toUInt8(floor(said * 10))) AS tenth, count() AS settled, sum(said) AS saidSum, sum(outcome) AS happenedSum,
       sum(pow(said - outcome, 2)) AS squares, sum(pow(worked_out - outcome, 2)) AS squaresUncorrected,
       sum(pow(habit - outcome, 2)) AS squaresClimatology
FROM judged
GROUP BY tenth
ORDER BY tenth
