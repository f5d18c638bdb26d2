-- Phones and tablets of institutions, and what patients consented to with them (E3, class 2 and 3).
-- Card-and-pki 3.2; the layout is ours.
CREATE TABLE mobile_device (
    device TEXT NOT NULL PRIMARY KEY, -- 32 hex digits, random
    institution TEXT NOT NULL,        -- 医療機関コード, ten digits
    class INTEGER NOT NULL,           -- 2 居宅同意取得型, 3 資格確認限定型
    code_hash TEXT NOT NULL,          -- SHA-256 of the activation code, 64 hex digits
    code_until BIGINT NOT NULL,       -- last moment of the code, microseconds
    secret_hash TEXT NOT NULL,        -- SHA-256 of the device's secret; '' before its activation
    recorded BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE mobile_device_history (
    device TEXT NOT NULL, -- as in mobile_device, all columns
    institution TEXT NOT NULL,
    class INTEGER NOT NULL,
    code_hash TEXT NOT NULL,
    code_until BIGINT NOT NULL,
    secret_hash TEXT NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX mobile_device_history_by_device ON mobile_device_history (device, recorded);
CREATE INDEX mobile_device_by_code ON mobile_device (code_hash);
CREATE INDEX mobile_device_by_institution ON mobile_device (institution);

CREATE TABLE mobile_consent (
    person_id BIGINT NOT NULL,
    institution TEXT NOT NULL,   -- to whom
    given BIGINT NOT NULL,       -- 同意日時, yyyymmddhhmmss, Japan
    until INTEGER NOT NULL,      -- last day, yyyymmdd; a withdrawal sets the day before it
    ended INTEGER NOT NULL,      -- OQSCD031: 0 it runs or ran out, 2 withdrawn by the patient
    consents INTEGER NOT NULL,   -- bits: 1 limit, 2 disease, 4 checkup, 8 medication, 16, 32
    mode INTEGER NOT NULL,       -- how the person was identified: 2 PIN, 3 visual
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, institution)
) /*clustered*/;
CREATE TABLE mobile_consent_history (
    person_id BIGINT NOT NULL, -- as in mobile_consent, all columns
    institution TEXT NOT NULL,
    given BIGINT NOT NULL,
    until INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    consents INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX mobile_consent_history_by_person ON mobile_consent_history (person_id, recorded);
CREATE INDEX mobile_consent_by_institution ON mobile_consent (institution, given);
