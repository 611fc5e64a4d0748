/** By which GreptimeDB tells which database a caller means, in writes as in queries. */
export const DATABASE_HEADER = "x-greptime-db-name";
