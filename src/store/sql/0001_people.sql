-- Tables of the first schema. Both engines read this text; marks in comments are widened by
-- db_sqlite.c: a /*clustered*/ table lies in its key's order (WITHOUT ROWID), a /*rowid*/ column is
-- SQLite's row number. Dates are integers yyyymmdd, Japan, 0 = none, 99991231 = open-ended; recorded
-- and superseded are microseconds since 1970 UTC. No column is NULL; an empty text is ''.
-- Sources: IaD = docs of the insurers (insurers-and-documents), section; OQS = oqs-files; ours = design.

-- Where the store stands as a whole.
CREATE TABLE store_state (
    name TEXT NOT NULL PRIMARY KEY, -- 'loading'
    value BIGINT NOT NULL           -- loading: 1 while a new world is being loaded; ours
) /*clustered*/;
INSERT INTO store_state (name, value) VALUES ('loading', 0);

-- An insured person as a check knows them (IaD 2, person, protection, linking check; R1, R2).
CREATE TABLE person (
    person_id BIGINT /*rowid*/ NOT NULL PRIMARY KEY, -- ours, 0 and up
    name TEXT NOT NULL,            -- 氏名, UTF-8, family and given name parted by U+3000; IaD 2
    name_kana TEXT NOT NULL,       -- 氏名カナ, half width; IaD 2
    other_name TEXT NOT NULL,      -- 氏名（その他）: alias, former name; IaD 2
    other_name_kana TEXT NOT NULL, -- its kana; IaD 2
    postal_code TEXT NOT NULL,     -- nnn-nnnn; IaD 2
    address TEXT NOT NULL,         -- as told to the insurer; IaD 2
    birth INTEGER NOT NULL,        -- yyyymmdd; IaD 2
    sex1 INTEGER NOT NULL,         -- OQSCD007: 1 male, 2 female, 3 not set; OQS
    sex2 INTEGER NOT NULL,         -- the same, where the paper shows it on its back, else 0; OQS
    protection INTEGER NOT NULL,   -- bits: 1 non-disclosure, 2 self-refusal; IaD 2.5
    register_difference INTEGER NOT NULL, -- 0 none, classes 1 to 3; IaD 2.4
    registered INTEGER NOT NULL,   -- 利用登録 since, yyyymmdd; R1
    deregisters INTEGER NOT NULL,  -- last day of use, yyyymmdd; R2
    holds INTEGER NOT NULL,        -- bits: rows in 1 elderly_certificate, 2 limit_certificate,
                                   -- 4 specified_disease; ours: a check reads only what is there
    recorded BIGINT NOT NULL       -- since when we believe this, microseconds; ours
);
CREATE TABLE person_history (
    person_id BIGINT NOT NULL, -- as in person, all columns
    name TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    other_name TEXT NOT NULL,
    other_name_kana TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    address TEXT NOT NULL,
    birth INTEGER NOT NULL,
    sex1 INTEGER NOT NULL,
    sex2 INTEGER NOT NULL,
    protection INTEGER NOT NULL,
    register_difference INTEGER NOT NULL,
    registered INTEGER NOT NULL,
    deregisters INTEGER NOT NULL,
    holds INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL -- until when we believed it, microseconds; ours
);
CREATE INDEX person_history_by_person ON person_history (person_id, recorded);

-- 被保険者資格: membership of an insurer, with the paper last issued (IaD 2, qualification, certificate).
CREATE TABLE coverage (
    person_id BIGINT NOT NULL,
    coverage_id BIGINT NOT NULL,   -- ours, 0 and up, unique within the person
    insurer TEXT NOT NULL,         -- 保険者番号, 6 or 8 digits; IaD 2.1
    symbol TEXT NOT NULL,          -- 記号 as registered, may be empty; IaD 2.1
    number TEXT NOT NULL,          -- 番号 as registered; IaD 2.1
    branch TEXT NOT NULL,          -- 枝番, two digits or empty; IaD 2.1
    relation INTEGER NOT NULL,     -- OQSCD009: 1 insured, 2 family; OQS
    insured_name TEXT NOT NULL,    -- 被保険者氏名 (世帯主氏名); IaD 2
    held_from INTEGER NOT NULL,    -- 資格取得年月日, first day covered; IaD 2
    held_until INTEGER NOT NULL,   -- 資格喪失年月日, first day not covered; IaD 2
    loss_reason INTEGER NOT NULL,  -- OQSCD008: 0, 1, 2, 3, 99; IaD 2.3
    kind INTEGER NOT NULL,         -- OQSCD010 被保険者証区分, 1 to 7, 161 = A1; OQS
    paper INTEGER NOT NULL,        -- 0 none, 1 old card, 2 certificate, 3 notice; D1, D2
    issued INTEGER NOT NULL,       -- 交付年月日; IaD 2
    valid_from INTEGER NOT NULL,   -- 有効開始年月日; IaD 2
    valid_until INTEGER NOT NULL,  -- 有効終了年月日, last valid day; IaD 2
    share INTEGER NOT NULL,        -- 一部負担金割合, percent, 75 and older, else 0; IaD 2
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, coverage_id)
) /*clustered*/;
CREATE TABLE coverage_history (
    person_id BIGINT NOT NULL, -- as in coverage, all columns
    coverage_id BIGINT NOT NULL,
    insurer TEXT NOT NULL,
    symbol TEXT NOT NULL,
    number TEXT NOT NULL,
    branch TEXT NOT NULL,
    relation INTEGER NOT NULL,
    insured_name TEXT NOT NULL,
    held_from INTEGER NOT NULL,
    held_until INTEGER NOT NULL,
    loss_reason INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    paper INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    share INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX coverage_history_by_person ON coverage_history (person_id, recorded);

-- The way in by the numbers of a certificate or card; derived from coverage and person (E5).
CREATE TABLE coverage_key (
    insurer TEXT NOT NULL,       -- 6 or 8 digits
    symbol TEXT NOT NULL,        -- normalised (domain/insured_number.h); OQS 3.7
    number TEXT NOT NULL,        -- normalised
    birth INTEGER NOT NULL,      -- yyyymmdd
    person_id BIGINT NOT NULL,
    coverage_id BIGINT NOT NULL,
    branch TEXT NOT NULL,        -- two digits or empty: a hit tells it, a search does not ask
    PRIMARY KEY (insurer, symbol, number, birth, person_id, coverage_id)
) /*clustered*/;

-- 高齢受給者証, age 70 to 74 (IaD 2).
CREATE TABLE elderly_certificate (
    person_id BIGINT NOT NULL,
    coverage_id BIGINT NOT NULL,
    valid_from INTEGER NOT NULL,  -- 有効開始年月日
    valid_until INTEGER NOT NULL, -- 有効終了年月日, last valid day
    issued INTEGER NOT NULL,      -- 交付年月日
    share INTEGER NOT NULL,       -- 一部負担金割合, percent
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, coverage_id, valid_from)
) /*clustered*/;
CREATE TABLE elderly_certificate_history (
    person_id BIGINT NOT NULL, -- as in elderly_certificate, all columns
    coverage_id BIGINT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    share INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX elderly_certificate_history_by_person
    ON elderly_certificate_history (person_id, recorded);

-- 限度額適用認定証, 標準負担額減額認定証 (IaD 2).
CREATE TABLE limit_certificate (
    person_id BIGINT NOT NULL,
    coverage_id BIGINT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    kind INTEGER NOT NULL,      -- OQSCD011, 1 to 3; OQS
    category TEXT NOT NULL,     -- OQSCD012 適用区分, A01 to B10; OQS
    long_stay INTEGER NOT NULL, -- 長期入院該当年月日, yyyymmdd
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, coverage_id, valid_from)
) /*clustered*/;
CREATE TABLE limit_certificate_history (
    person_id BIGINT NOT NULL, -- as in limit_certificate, all columns
    coverage_id BIGINT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    category TEXT NOT NULL,
    long_stay INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX limit_certificate_history_by_person ON limit_certificate_history (person_id, recorded);

-- 特定疾病療養受療証 (IaD 2).
CREATE TABLE specified_disease (
    person_id BIGINT NOT NULL,
    coverage_id BIGINT NOT NULL,
    category INTEGER NOT NULL, -- OQSCD013, 1 to 3; OQS
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    monthly_limit INTEGER NOT NULL, -- 自己負担限度額, yen a month
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, coverage_id, category, valid_from)
) /*clustered*/;
CREATE TABLE specified_disease_history (
    person_id BIGINT NOT NULL, -- as in specified_disease, all columns
    coverage_id BIGINT NOT NULL,
    category INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    monthly_limit INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX specified_disease_history_by_person ON specified_disease_history (person_id, recorded);

-- 利用者証明用電子証明書: the way in by card (K1 to K3).
CREATE TABLE authentication_certificate (
    issuer INTEGER NOT NULL,     -- number of the pinned CA generation, 1 and up; ours
    serial BIGINT NOT NULL,      -- シリアル番号, 64 bits; those above 2^63 are stored less 2^64
    person_id BIGINT NOT NULL,
    not_before INTEGER NOT NULL, -- yyyymmdd
    expires INTEGER NOT NULL,    -- last day of validity, yyyymmdd
    state INTEGER NOT NULL,      -- 1 current, 2 revoked, 3 superseded
    successor BIGINT NOT NULL,   -- serial of the next one, as serial; 0 = none
    phone INTEGER NOT NULL,      -- 1 where it lives in a phone
    recorded BIGINT NOT NULL,
    PRIMARY KEY (issuer, serial)
) /*clustered*/;
CREATE TABLE authentication_certificate_history (
    issuer INTEGER NOT NULL, -- as in authentication_certificate, all columns
    serial BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    not_before INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    state INTEGER NOT NULL,
    successor BIGINT NOT NULL,
    phone INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX authentication_certificate_history_by_serial
    ON authentication_certificate_history (issuer, serial, recorded);

-- 保険者. Not personal data.
CREATE TABLE insurer (
    number TEXT NOT NULL PRIMARY KEY, -- 保険者番号, 6 or 8 digits; IaD 2.1
    name TEXT NOT NULL,               -- 保険者名称; OQS
    recorded BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE insurer_history (
    number TEXT NOT NULL, -- as in insurer, all columns
    name TEXT NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX insurer_history_by_number ON insurer_history (number, recorded);

-- 保険医療機関・薬局等. Not personal data.
CREATE TABLE institution (
    code TEXT NOT NULL PRIMARY KEY,  -- 医療機関コード, ten digits
    name TEXT NOT NULL,
    type INTEGER NOT NULL,           -- 施設類型, 1 to 9; E3
    measure INTEGER NOT NULL,        -- 経過措置, 2 to 6, 0 = none; E3
    measure_until INTEGER NOT NULL,  -- its deadline, yyyymmdd; E3
    recorded BIGINT NOT NULL
) /*clustered*/;
CREATE TABLE institution_history (
    code TEXT NOT NULL, -- as in institution, all columns
    name TEXT NOT NULL,
    type INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    measure_until INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX institution_history_by_code ON institution_history (code, recorded);
