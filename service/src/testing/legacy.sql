-- What a release without encryption stored: an organisation, three users, three factors.
INSERT INTO organisations (id, name, created_at) VALUES ('legacy', 'Legacy', 1700000000000);
INSERT INTO users (id, org_id, email, name, password_hash, status, created_at) VALUES
    ('u1', 'legacy', 'one@example.org', 'One', '-', 'active', 1700000000000),
    ('u2', 'legacy', 'two@example.org', 'Two', '-', 'active', 1700000000000),
    ('u3', 'legacy', 'three@example.org', 'Three', '-', 'disabled', 1700000000000);
INSERT INTO factors (id, org_id, user_id, state, secret_plain, last_step, created_at) VALUES
    ('f1', 'legacy', 'u1', 'active', 'NVUWY23SOVXC23LJNRVXE5LOFVWWS3DL', 56666666, 1700000000000),
    ('f2', 'legacy', 'u2', 'active', 'nvuwy23sovxc24lvmfwgs5dzfvwgkz3b', 56666667, 1700000000000),
    ('f3', 'legacy', 'u3', 'pending', 'MZUXQ5DVOJSS2ZDBORQS2MJSGM2DKNRX', 0, 1700000000000);
