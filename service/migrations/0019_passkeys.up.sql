-- Passkeys (WebAuthn): a second factor beside codes.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The authenticator's name for it, base64url.
    credential TEXT NOT NULL UNIQUE,
    -- As the authenticator gave it (COSE).
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id, created_at);
-- Challenges that wait for their answer: each is answered once.
CREATE TABLE passkey_challenges (
    hash BYTEA PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('enrol', 'sign_in', 'step_up')),
    -- The session that asked; empty at a sign-in.
    session_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_challenges_user ON passkey_challenges (user_id, created_at);
