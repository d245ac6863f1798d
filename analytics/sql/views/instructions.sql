-- Everything others were told to do, as it is stored.
SELECT at, instruction_id, kind, recipient, body, seq, received_at
FROM instructions
