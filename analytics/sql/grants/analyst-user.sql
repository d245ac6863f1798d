-- The user behind analysts on a ClickHouse server. Run by an administrator of the server; every statement can be run again.

-- Whose rights the views read with. Nobody can be it. Without it, views read with the rights of whoever makes them.
CREATE USER IF NOT EXISTS tideline_views IDENTIFIED WITH no_password HOST NONE;
GRANT SELECT ON {database}.* TO tideline_views;
GRANT SET DEFINER ON tideline_views TO {owner};

-- Nothing but questions, and none of these settings can be changed. A question that nobody waits for any more ends.
CREATE SETTINGS PROFILE IF NOT EXISTS tideline_analyst;
ALTER SETTINGS PROFILE tideline_analyst SETTINGS
    readonly = 1,
    allow_ddl = 0,
    implicit_select = 0,
    allow_introspection_functions = 0,
    cancel_http_readonly_queries_on_client_close = 1,
    max_execution_time = {seconds},
    timeout_before_checking_execution_speed = 0,
    max_memory_usage = {memoryBytes},
    max_threads = {threads},
    max_bytes_to_read = {bytesRead},
    max_concurrent_queries_for_user = {questions},
    output_format_json_quote_64bit_integers = 1,
    output_format_json_quote_denormals = 1,
    output_format_json_quote_decimals = 1,
    date_time_output_format = 'iso';

CREATE USER IF NOT EXISTS tideline_analyst IDENTIFIED WITH sha256_hash BY '{passwordSha256}';
ALTER USER tideline_analyst IDENTIFIED WITH sha256_hash BY '{passwordSha256}'
    DEFAULT DATABASE {opsDatabase} SETTINGS PROFILE 'tideline_analyst';
GRANT SELECT ON {opsDatabase}.* TO tideline_analyst;
-- How far its own questions have come, for Tideline; the guard lets nobody ask it.
GRANT SELECT ON system.processes TO tideline_analyst;

-- Each person has a share of its own: Tideline says with every question who asks.
CREATE QUOTA IF NOT EXISTS tideline_analyst KEYED BY client_key
    FOR INTERVAL 1 hour MAX queries = {questionsPerHour}, execution_time = {secondsPerHour} TO tideline_analyst;
