-- How did exceptions of this kind go before? Each with what opened it, who ended it, and when; the newest first.
WITH episodes AS
    (
        SELECT exception_id AS number, any(changes.subject) AS subject, argMin(changes.title, changes.seq) AS title,
               toUnixTimestamp64Milli(min(changes.since)) AS began,
               minIf(changes.seq, changes.change = 'opened') AS openedSeq,
               toUnixTimestamp64Milli(minIf(changes.at, changes.change = 'opened')) AS opened,
               toUnixTimestamp64Milli(maxIf(changes.at, changes.change = 'closed')) AS closed,
               toUnixTimestamp64Milli(minIf(changes.at, changes.change IN ('acknowledged', 'started'))) AS acknowledged,
               argMaxIf(changes.change, changes.seq, changes.change IN ('resolved', 'dismissed', 'reopened', 'opened')) AS settled,
               argMaxIf(changes.actor, changes.seq, changes.change IN ('resolved', 'dismissed')) AS settledBy,
               max(changes.money_at_risk) AS moneyAtRiskMax,
               argMin(changes.sku, changes.seq) AS sku, argMin(changes.node, changes.seq) AS node,
               argMin(changes.channel, changes.seq) AS channel, argMin(changes.source, changes.seq) AS source
        FROM exception_changes AS changes
        WHERE changes.kind = {kind:String} AND changes.at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')
          AND changes.exception_id != {number:String}
        GROUP BY exception_id
        HAVING openedSeq > 0 AND began < {before:Int64}
        ORDER BY began DESC
        LIMIT {limit:UInt32}
    )
SELECT episodes.*, opening.data AS data
FROM episodes
LEFT ANY JOIN (SELECT seq, data FROM events WHERE seq IN (SELECT openedSeq FROM episodes)) AS opening
    ON opening.seq = episodes.openedSeq
ORDER BY episodes.began DESC
