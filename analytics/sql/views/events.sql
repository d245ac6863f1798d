-- Every event. The customer of an order is a person: `data` names none.
SELECT seq, id, source, type, subject, occurred_at, observed_at, received_at, corrects, refused,
       if(position(data, '"customer":"') = 0, data, replaceRegexpOne(data, '"customer":"(?:[^"\\\\]|\\\\.)*"', '"customer":""')) AS data
FROM events
