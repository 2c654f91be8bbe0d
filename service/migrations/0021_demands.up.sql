-- From when on users must show a second factor for anything but their own account, milliseconds since 1970; null: they need not.
ALTER TABLE organisations ADD COLUMN second_factor_from BIGINT;
