-- "How far is this question?" In this order: rows read, bytes read, rows to read, memory.
SELECT read_rows, read_bytes, total_rows_approx, memory_usage
FROM system.processes
WHERE query_id = {queryId:String}
