-- What insurers register in files (IaD 2.3, 12.2): their own keys, the 5 + 5 day clock, where files stand.

-- An insurer's own key for a person. The coverages of the insurer are those of the person that name it.
CREATE TABLE member (
    insurer TEXT NOT NULL,     -- 保険者番号, 6 or 8 digits; IaD 2.1
    member_key TEXT NOT NULL,  -- the insurer's own key, 1 to 20 characters; IaD 12.2
    person_id BIGINT NOT NULL,
    identity INTEGER NOT NULL, -- 本人確認判定フラグ: 0, 1, 2 or 9; IaD 12.1, 2
    recorded BIGINT NOT NULL,  -- since when we believe this, microseconds; ours
    PRIMARY KEY (insurer, member_key)
) /*clustered*/;
CREATE INDEX member_by_person ON member (person_id);
CREATE TABLE member_history (
    insurer TEXT NOT NULL, -- as in member, all columns
    member_key TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    identity INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX member_history_by_person ON member_history (person_id, recorded);

-- The 5 + 5 day clock: from the event to the employer's notice, from the notice to the registration.
CREATE TABLE registration_clock (
    person_id BIGINT NOT NULL,
    coverage_id BIGINT NOT NULL,
    event INTEGER NOT NULL,      -- 1 acquisition, 2 loss
    insurer TEXT NOT NULL,       -- as in coverage
    symbol TEXT NOT NULL,        -- 記号 as registered: the employer, in employees' insurance
    happened INTEGER NOT NULL,   -- 資格取得年月日 or 資格喪失年月日, yyyymmdd
    received INTEGER NOT NULL,   -- day on which the insurer had the notice, yyyymmdd, 0 = not told
    registered BIGINT NOT NULL,  -- when it was registered here, microseconds
    late INTEGER NOT NULL,       -- bits: 1 the notice was, 2 the registration was; IaD 1.1
    PRIMARY KEY (person_id, coverage_id, event)
) /*clustered*/;
CREATE INDEX registration_clock_late ON registration_clock (insurer, symbol, received, person_id)
    WHERE late > 0;

-- Where a registration file stands, so that it can go on. It says nothing of a person; no history.
CREATE TABLE registration_file (
    insurer TEXT NOT NULL,      -- who registers
    sha256 TEXT NOT NULL,       -- of its rows, 64 hexadecimal digits: docs/registration-files.md
    row_count BIGINT NOT NULL,  -- data rows in the file
    state INTEGER NOT NULL,     -- 1 loading, 2 done, 3 stopped by the mass-change alarm
    begun BIGINT NOT NULL,      -- when its load began, microseconds
    next_row BIGINT NOT NULL,   -- rows below it are loaded; 1 and up
    next_byte BIGINT NOT NULL,  -- where that row begins in the file
    reply_size BIGINT NOT NULL, -- bytes of the reply that answer the rows below it
    accepted BIGINT NOT NULL,   -- rows answered with 0
    warned BIGINT NOT NULL,     -- with 1
    refused BIGINT NOT NULL,    -- with 2
    recorded BIGINT NOT NULL,   -- when it was last written
    PRIMARY KEY (insurer, sha256)
) /*clustered*/;
