DROP TABLE sign_in_codes;
DROP TABLE sign_ins;
DELETE FROM retention WHERE kind = 'sign_in_history';
