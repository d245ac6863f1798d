-- How does the engine itself write this text? One statement, no comments; anything else is an error. The text comes as hex
-- digits, so that nothing in it can be anything but a value, and is part of the statement: it may be too long for a
-- parameter, which travels in an address. An expression alone is no statement.
SELECT formatQuerySingleLine(unhex('{hex}')) AS canonical
SETTINGS implicit_select = 0
