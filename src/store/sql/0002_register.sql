-- The comparison with the resident register (IaD 2.4), and what flows back from it (IaD 2.5).

-- Whose individual number it is, without the number: link codes (register/link_code.h).
CREATE TABLE person_key (
    link TEXT NOT NULL PRIMARY KEY, -- HMAC-SHA256 of the 個人番号, 64 hexadecimal digits; ours
    person_id BIGINT NOT NULL,
    recorded BIGINT NOT NULL        -- of several, the newest is asked for; ours
) /*clustered*/;
CREATE INDEX person_key_by_person ON person_key (person_id, recorded);

-- Where each person's comparison stands; who was never to be compared has no row.
CREATE TABLE register_check (
    person_id BIGINT /*rowid*/ NOT NULL PRIMARY KEY,
    waiting INTEGER NOT NULL,      -- 1 from the request until it is compared
    requested BIGINT NOT NULL,     -- microseconds; ours
    compared BIGINT NOT NULL,      -- microseconds, 0 = never; ours
    difference INTEGER NOT NULL,   -- what the comparison found: 0 none, classes 1 to 3; IaD 2.4
    rule TEXT NOT NULL,            -- id of the rule that says why, '' = never compared
    reason TEXT NOT NULL,          -- 理由付き疑いなし: why the difference is no doubt, '' = not said
    reason_by TEXT NOT NULL,       -- who said so
    reason_class INTEGER NOT NULL, -- of which class, 0 = not said
    recorded BIGINT NOT NULL       -- since when the last four hold
);
CREATE INDEX register_check_waiting ON register_check (waiting, person_id);
CREATE TABLE register_check_history (
    person_id BIGINT NOT NULL, -- as in register_check, all columns
    waiting INTEGER NOT NULL,
    requested BIGINT NOT NULL,
    compared BIGINT NOT NULL,
    difference INTEGER NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    reason_by TEXT NOT NULL,
    reason_class INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX register_check_history_by_person ON register_check_history (person_id, recorded);

-- What the register told of a change (住民異動): the insurer's list of what to look after.
CREATE TABLE register_notice (
    person_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,  -- place in the register's feed; told twice, kept once
    kind INTEGER NOT NULL,     -- 1 address, 2 name, 3 death, 4 support measure set, 5 ended
    day INTEGER NOT NULL,      -- on which it took effect, yyyymmdd
    protection INTEGER NOT NULL, -- bits that it added to person.protection, or took; IaD 2.5
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, sequence)
) /*clustered*/;
CREATE INDEX register_notice_by_sequence ON register_notice (sequence);

INSERT INTO store_state (name, value) VALUES ('register_cursor', 0);
