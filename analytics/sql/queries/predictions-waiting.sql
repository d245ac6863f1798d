-- How many predictions of a kind were said about the time and are not settled?
SELECT greatest(0, uniqExactIf((at, horizon, subject), NOT settled) - uniqExactIf((at, horizon, subject), settled)) AS waiting
FROM predictions
WHERE prediction = {prediction:String}
  AND horizon >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
  AND horizon - at >= {aheadMin:Float64} * 3600 AND horizon - at <= {aheadMax:Float64} * 3600
  AND ({among:String} = '' OR among = {among:String})
