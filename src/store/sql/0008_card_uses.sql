-- How often people used the card, by month: no day, no institution (D1, D2; IaD 5, row 10). Counted from the journal by
-- a batch, for those whom a paper may ask for it, and dropped when no paper can ask any more: it keeps no history.
CREATE TABLE card_use (
    person_id BIGINT NOT NULL,
    month INTEGER NOT NULL, -- yyyymm, Japan time
    uses BIGINT NOT NULL,   -- checks by card that were answered
    PRIMARY KEY (person_id, month)
) /*clustered*/;
CREATE INDEX card_use_by_month ON card_use (month);

-- How far each journal was counted. Overwritten, in the transaction that counts: it says nothing of a person.
CREATE TABLE card_use_position (
    journal TEXT NOT NULL,     -- the journal's own id, 32 hexadecimal digits
    records BIGINT NOT NULL,   -- number of the last record that was counted
    segment INTEGER NOT NULL,  -- number of the file in which it lies
    hash TEXT NOT NULL,        -- of that record, 64 hexadecimal digits, or '' where none was
    counted INTEGER NOT NULL,  -- day of the last count, yyyymmdd
    recorded BIGINT NOT NULL,
    PRIMARY KEY (journal)
) /*clustered*/;
