-- Which migrations has this database had?
SELECT number
FROM schema_migrations
