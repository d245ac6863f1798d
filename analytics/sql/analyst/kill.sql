-- "End this question": on a server, a user may end its own.
KILL QUERY WHERE query_id = {queryId:String} ASYNC
