DROP INDEX reports_user;
