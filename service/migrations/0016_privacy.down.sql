DROP TABLE erasures;
DROP TABLE retention;
