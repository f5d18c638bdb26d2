-- What insurers are asked and told: deregistration (R2, R3), papers (D1, D2, D4), and where batches stand.

-- 利用登録解除の申請 (IaD 4.4). A request belongs to the person, whoever insures them later.
CREATE TABLE deregistration_request (
    person_id BIGINT NOT NULL,
    request_id BIGINT NOT NULL, -- 1 and up within the person; ours
    requested INTEGER NOT NULL, -- day on which the person asked, yyyymmdd; IaD 4.4, step 1
    received INTEGER NOT NULL,  -- day on which the insurer entered it: month N; IaD 4.4, step 4
    insurer TEXT NOT NULL,      -- who entered it; never shown to another insurer; IaD 12.1, 9
    channel INTEGER NOT NULL,   -- 1 terminal, 2 file, 3 server link; IaD 1.1
    proxy INTEGER NOT NULL,     -- 1 where somebody asked on the person's behalf; IaD 4.4
    state INTEGER NOT NULL,     -- 1 requested, 2 accepted, 3 duplicate, 4 done, 5 failed, 6 withdrawn
    executes INTEGER NOT NULL,  -- last day of use: end of month N + 1, yyyymmdd; R2
    executed INTEGER NOT NULL,  -- day it was carried out, withdrawn or failed, 0 = not yet
    error TEXT NOT NULL,        -- code of the failure that the insurer was told, or ''
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, request_id)
) /*clustered*/;
CREATE TABLE deregistration_request_history (
    person_id BIGINT NOT NULL, -- as in deregistration_request, all columns
    request_id BIGINT NOT NULL,
    requested INTEGER NOT NULL,
    received INTEGER NOT NULL,
    insurer TEXT NOT NULL,
    channel INTEGER NOT NULL,
    proxy INTEGER NOT NULL,
    state INTEGER NOT NULL,
    executes INTEGER NOT NULL,
    executed INTEGER NOT NULL,
    error TEXT NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX deregistration_request_history_by_person
    ON deregistration_request_history (person_id, recorded);

-- The register of papers: 資格確認書, 資格情報のお知らせ (IaD 4.5, 5). Never two for one reason.
CREATE TABLE document (
    person_id BIGINT NOT NULL,
    kind INTEGER NOT NULL,        -- 1 certificate, 2 notice
    serial BIGINT NOT NULL,       -- 1 and up within person and kind; ours
    insurer TEXT NOT NULL,        -- who issues it
    coverage_id BIGINT NOT NULL,  -- whose numbers stand on it
    reason TEXT NOT NULL,         -- T1 to T7, N1 to N5; IaD 4.5
    rule TEXT NOT NULL,           -- id of the rule that says why
    due INTEGER NOT NULL,         -- first day to issue it, yyyymmdd
    latest INTEGER NOT NULL,      -- last day to have it in the person's hands
    issued INTEGER NOT NULL,      -- 交付年月日, 0 = not yet
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL, -- 有効期限, last day; 99991231 = while unchanged
    state INTEGER NOT NULL,       -- 1 due, 2 issued, 3 replaced, 4 renewed, 5 recalled, 6 void, 7 cancelled
    returned INTEGER NOT NULL,    -- day on which it came back, 0 = it did not
    replaced_by BIGINT NOT NULL,  -- serial of what took its place, 0 = nothing
    special INTEGER NOT NULL,     -- 1 = (特別療養) variant; IaD 5, row 14
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind, serial)
) /*clustered*/;
CREATE UNIQUE INDEX document_by_reason
    ON document (person_id, kind, insurer, reason, valid_from);
CREATE TABLE document_history (
    person_id BIGINT NOT NULL, -- as in document, all columns
    kind INTEGER NOT NULL,
    serial BIGINT NOT NULL,
    insurer TEXT NOT NULL,
    coverage_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    rule TEXT NOT NULL,
    due INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    state INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    replaced_by BIGINT NOT NULL,
    special INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX document_history_by_person ON document_history (person_id, recorded);

-- What makes a paper needed and is in no other table (IaD 4.5, T3, T4, T6).
CREATE TABLE document_need (
    person_id BIGINT NOT NULL,
    need INTEGER NOT NULL,  -- 1 card returned, 2 applied for, 3 helper needed (要配慮者), 4 needed at enrolment
    since INTEGER NOT NULL, -- yyyymmdd
    until INTEGER NOT NULL, -- last day, 99991231 = open
    recorded BIGINT NOT NULL,
    PRIMARY KEY (person_id, need, since)
) /*clustered*/;
CREATE TABLE document_need_history (
    person_id BIGINT NOT NULL, -- as in document_need, all columns
    need INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX document_need_history_by_person ON document_need_history (person_id, recorded);

-- Where a batch stands, so that it can go on. It says nothing of a person, and keeps no history.
CREATE TABLE job (
    kind TEXT NOT NULL,         -- 'month_end', 'documents'
    day INTEGER NOT NULL,       -- the day it is for, yyyymmdd
    state INTEGER NOT NULL,     -- 1 running, 2 done
    next_person BIGINT NOT NULL, -- people below it are done
    executed BIGINT NOT NULL,   -- deregistrations carried out
    failed BIGINT NOT NULL,     -- and those that could not be
    lapsed BIGINT NOT NULL,     -- registrations that ended with their certificate
    documents BIGINT NOT NULL,  -- papers entered into the register
    changed BIGINT NOT NULL,    -- papers of the register that changed their state
    recorded BIGINT NOT NULL,
    PRIMARY KEY (kind, day)
) /*clustered*/;

-- Certificates in the order of people, with all that a batch reads of them; one index serves both.
DROP INDEX authentication_certificate_by_person;
CREATE INDEX authentication_certificate_by_person ON authentication_certificate
    (person_id, not_before, expires, state, phone, recorded);
