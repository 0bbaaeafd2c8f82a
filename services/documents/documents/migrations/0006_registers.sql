-- The book stays one: letters made elsewhere take their number from it too. Whom they are for and what about is sealed.
CREATE TABLE outside_letter (
    id             uuid PRIMARY KEY,
    kelurahan      text NOT NULL,
    kind           text NOT NULL,
    classification text NOT NULL DEFAULT '',
    series         text NOT NULL,
    year           int NOT NULL,
    n              int NOT NULL,
    number         text NOT NULL,
    dated          date NOT NULL,
    person_id      uuid NOT NULL REFERENCES people,
    taken_at       timestamptz NOT NULL,
    taken_by       text NOT NULL,
    voided_at      timestamptz,
    voided_by      text,
    void_reason    text,
    version        int NOT NULL DEFAULT 1,
    CHECK ((voided_at IS NULL) = (voided_by IS NULL) AND (voided_at IS NULL) = (void_reason IS NULL))
);

ALTER TABLE register_line ALTER COLUMN letter_id DROP NOT NULL,
    ADD COLUMN outside_id uuid UNIQUE REFERENCES outside_letter,
    -- What the beginning of a number is looked for in: plain order, so that it is a range of an index.
    ADD COLUMN written text COLLATE "C" GENERATED ALWAYS AS (upper(number)) STORED,
    ADD CHECK (num_nonnulls(letter_id, outside_id) = 1);
CREATE INDEX register_line_n ON register_line (kelurahan, year, n);
CREATE INDEX register_line_written ON register_line (kelurahan, year, written);
CREATE INDEX register_line_kind ON register_line (kelurahan, year, kind, series, n);
CREATE INDEX register_line_dated ON register_line (kelurahan, dated);
-- Several series of one office never write the same number in a year. RT heads are offices of their own.
CREATE UNIQUE INDEX register_line_number ON register_line (kelurahan, year, number) WHERE series NOT LIKE 'RT %';

-- Who said which number the paper book had reached: the numbers after `before` up to `last` are on paper.
CREATE TABLE register_start (
    kelurahan text NOT NULL,
    series    text NOT NULL,
    year      int NOT NULL,
    before    int NOT NULL,
    last      int NOT NULL CHECK (last > before),
    set_at    timestamptz NOT NULL,
    set_by    text NOT NULL,
    PRIMARY KEY (kelurahan, series, year, last)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['outside_letter', 'register_start'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (current_setting(''app.tenant'', true) IN (kelurahan, ''*''))',
            name);
    END LOOP;
END $$;
