-- Sign-ins with a right password, and those that were refused, with what was new or odd about them.
CREATE TABLE sign_ins (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    address TEXT NOT NULL,
    -- The block of addresses: 24 bits of version 4, 48 of version 6.
    network TEXT NOT NULL,
    -- Hashes of the device's secret that was shown, and of the one that was given; empty: none.
    device_shown TEXT NOT NULL,
    device_given TEXT NOT NULL,
    -- Program and system in words, for people.
    agent TEXT NOT NULL,
    -- Where the address is, as far as that is known.
    country TEXT NOT NULL,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    score BIGINT NOT NULL,
    -- Words, with spaces between them.
    reasons TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('let_in', 'told', 'confirmed', 'asked', 'blocked', 'refused'))
);
CREATE INDEX sign_ins_user ON sign_ins (user_id, at);
CREATE INDEX sign_ins_org ON sign_ins (org_id, at);
-- Codes that were sent by mail to confirm a sign-in; a newer one replaces it.
CREATE TABLE sign_in_codes (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
