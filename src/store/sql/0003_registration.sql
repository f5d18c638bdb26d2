-- 利用登録: who registered the card for insurance use, when, how, and how it ended (R1). person.registered
-- and person.deregisters are what a check reads; this is how they came to be. A registration that was
-- loaded with its person has no row until it ends: its way is then 0.
CREATE TABLE registration (
    person_id BIGINT NOT NULL,
    used_from INTEGER NOT NULL,  -- first day of use, yyyymmdd; IaD 4.2
    used_until INTEGER NOT NULL, -- last day of use, yyyymmdd, 0 = it runs; IaD 4.2
    way INTEGER NOT NULL,        -- 0 before this service kept count, 1 reader, 2 portal; ours
    ended INTEGER NOT NULL,      -- 0 it runs, 1 lapsed (K3), 2 returned, 3 deregistered (R2); ours
    recorded BIGINT NOT NULL,    -- since when we believe this, microseconds; ours
    PRIMARY KEY (person_id, used_from)
) /*clustered*/;
CREATE TABLE registration_history (
    person_id BIGINT NOT NULL, -- as in registration, all columns
    used_from INTEGER NOT NULL,
    used_until INTEGER NOT NULL,
    way INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX registration_history_by_person ON registration_history (person_id, recorded);

-- All certificates of one person: does another take over where one ends (R1, K3)?
CREATE INDEX authentication_certificate_by_person ON authentication_certificate (person_id);
