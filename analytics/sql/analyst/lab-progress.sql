-- "How far is the question that runs in this lab?" Its text begins with a mark.
SELECT read_rows AS rowsRead, read_bytes AS bytesRead, total_rows_approx AS rowsToRead, memory_usage AS memoryBytes
FROM system.processes
WHERE startsWith(query, '{mark}')
FORMAT JSONEachRow
