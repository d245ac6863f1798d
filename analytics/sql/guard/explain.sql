-- What is the tree of a text that the engine wrote itself? Never one that a person wrote: `EXPLAIN AST a; b` runs b.
-- The text stands in brackets, so that whatever follows a SELECT stays inside of it.
EXPLAIN AST ({canonical})
