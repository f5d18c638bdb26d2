-- Who holds a protection flag (IaD 2.5): a filing with an insurer, or the register's support measure. What
-- a check reads is person.protection: every flag that any open filing holds. A flag that was registered
-- before filings were kept has no row; the insurers of the person hold it until they say otherwise.
CREATE TABLE protection_filing (
    person_id BIGINT NOT NULL,
    source TEXT NOT NULL,         -- 保険者番号 of who has the filing, 'register' = 支援措置; ours
    flag INTEGER NOT NULL,        -- 1 non-disclosure, 2 self-refusal, as in person.protection; IaD 2.5
    valid_from INTEGER NOT NULL,  -- first day, yyyymmdd, 0 = not told; IaD 12.2
    valid_until INTEGER NOT NULL, -- last day, 99991231 = until it is taken back; IaD 12.2
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, source, flag)
) /*clustered*/;
CREATE INDEX protection_filing_by_end ON protection_filing (valid_until, person_id);
CREATE TABLE protection_filing_history (
    person_id BIGINT NOT NULL, -- as in protection_filing, all columns
    source TEXT NOT NULL,
    flag INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX protection_filing_history_by_person ON protection_filing_history (person_id, recorded);

-- Support measures that run: what their notices set, and no later notice ended (kinds 4 and 5).
INSERT INTO protection_filing (person_id, source, flag, valid_from, valid_until, recorded)
SELECT n.person_id, 'register', f.flag, MIN(n.day), 99991231, MIN(n.recorded)
FROM register_notice n JOIN (SELECT 1 AS flag UNION ALL SELECT 2) f ON (n.protection & f.flag) <> 0
WHERE n.kind = 4 AND NOT EXISTS (SELECT 1 FROM register_notice e WHERE e.person_id = n.person_id
    AND e.kind = 5 AND e.sequence > n.sequence)
GROUP BY n.person_id, f.flag;
