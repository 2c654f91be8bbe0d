-- How many reports of a day somebody has sent is counted each time that some come in.
CREATE INDEX reports_user ON reports (user_id, day);
