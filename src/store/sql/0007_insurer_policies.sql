-- What an insurer decides for itself about its papers (方針), each row from a day on (IaD 4.5, 5, 12.1). Wrong ones
-- are put anew for the same day; the former one is kept.
CREATE TABLE insurer_policy (
    insurer TEXT NOT NULL,
    valid_from INTEGER NOT NULL,        -- first day on which papers are decided by it, yyyymmdd
    gives_both INTEGER NOT NULL,        -- 1 = a certificate to everybody, with a registered card too; IaD 5, row 12
    certificate_years INTEGER NOT NULL, -- years a certificate holds, 1 to 5; 0 = to 31 July; D1
    expiry_months INTEGER NOT NULL,     -- months after that of an expiry in which its paper is issued, 1 to 3; IaD 4.5
    uses_12_months INTEGER NOT NULL,    -- uses of the card in twelve months that are a record of use; IaD 12.1, 11
    uses_3_months INTEGER NOT NULL,     -- of them, in the last three
    uses_month INTEGER NOT NULL,        -- month at whose end they are counted for the papers of August, 3 to 6
    recorded BIGINT NOT NULL,
    PRIMARY KEY (insurer, valid_from)
) /*clustered*/;
CREATE TABLE insurer_policy_history (
    insurer TEXT NOT NULL, -- as in insurer_policy, all columns
    valid_from INTEGER NOT NULL,
    gives_both INTEGER NOT NULL,
    certificate_years INTEGER NOT NULL,
    expiry_months INTEGER NOT NULL,
    uses_12_months INTEGER NOT NULL,
    uses_3_months INTEGER NOT NULL,
    uses_month INTEGER NOT NULL,
    recorded BIGINT NOT NULL,
    superseded BIGINT NOT NULL
);
CREATE INDEX insurer_policy_history_by_insurer ON insurer_policy_history (insurer, recorded);
